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
if redis.call('ZCARD', all) >= tonumber(ARGV[6]) then
    return {'full'}
end
redis.call('HSET', call, 'digest', ARGV[5], 'claimant', claimant, 'lease', string.format('%.0f', now + lease))
touch()
return {'first'}
