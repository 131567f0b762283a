-- ARGV     owner's key, where to begin (a bound of ZRANGEBYLEX), how many at most
-- Replies  the fields of each
local found = {}
for _, id in ipairs(redis.call('ZRANGEBYLEX', tag .. ':owner:' .. ARGV[1], ARGV[2], '+', 'LIMIT', 0, ARGV[3])) do
    append(found, id)
end
return found
