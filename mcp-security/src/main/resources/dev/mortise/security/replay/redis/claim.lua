-- ARGV     …, digest, most of the owner
-- Replies  "first", "running", "done" and the outcome, "lost", "other" or "full"
local before = redis.call('HMGET', call, 'digest', 'outcome', 'lease')
if before[1] then
    if before[1] ~= ARGV[5] then
        return {'other'}
    elseif before[2] then
        return {'done', before[2]}
    end
    return {tonumber(before[3]) > now and 'running' or 'lost'}
end
redis.call('ZREMRANGEBYSCORE', all, '-inf', now)
local count = redis.call('ZCARD', all)
if count >= tonumber(ARGV[6]) then
    -- The oldest that has ended makes room. As a rule it is among the first few.
    local oldest
    for from = 0, count - 1, 50 do
        for _, old in ipairs(redis.call('ZRANGE', all, from, from + 49)) do
            if redis.call('HEXISTS', tag .. ':call:' .. old, 'outcome') == 1 then
                oldest = old
                break
            end
        end
        if oldest then
            break
        end
    end
    if not oldest then
        return {'full'}
    end
    redis.call('DEL', tag .. ':call:' .. oldest)
    redis.call('ZREM', all, oldest)
end
redis.call('HSET', call, 'digest', ARGV[5], 'claimant', claimant, 'lease', string.format('%.0f', now + lease))
touch()
return {'first'}
