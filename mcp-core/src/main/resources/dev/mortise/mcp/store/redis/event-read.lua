-- Reads the events of one stream of a session.
-- KEYS[1]  stream: the events
-- ARGV     stream, first position, how many at most
-- Replies  position and content of each
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local found = {}
for _, entry in ipairs(redis.call('XRANGE', KEYS[1], ARGV[2] .. '-0', '+')) do
    local fields = entry[2]
    if fields[2] == ARGV[1] and tonumber(fields[6]) > now then
        found[#found + 1] = string.match(entry[1], '^%d+')
        found[#found + 1] = fields[4]
        if #found == 2 * tonumber(ARGV[3]) then
            break
        end
    end
end
return found
