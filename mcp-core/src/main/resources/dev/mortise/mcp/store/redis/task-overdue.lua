-- ARGV     now (ms), how many at most
-- Replies  the fields of each
local found = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', tag .. ':due', '-inf', '(' .. ARGV[1], 'LIMIT', 0, ARGV[2])) do
    append(found, id)
end
return found
