-- ARGV     …, "renew", "finish" or "release", outcome
-- Replies  "changed", or "not yours"
local before = redis.call('HMGET', call, 'claimant', 'outcome')
if before[1] ~= claimant or before[2] then
    return {'not yours'}
end
if ARGV[5] == 'release' then
    redis.call('DEL', call)
    redis.call('ZREM', all, key)
elseif ARGV[5] == 'finish' then
    redis.call('HSET', call, 'outcome', ARGV[6])
    touch()
else
    redis.call('HSET', call, 'lease', string.format('%.0f', now + lease))
    touch()
end
return {'changed'}
