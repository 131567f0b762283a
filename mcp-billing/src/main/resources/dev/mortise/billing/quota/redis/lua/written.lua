-- Events are in SQL: their copies go, and what was pending is part of the base.
-- KEYS[1]  hash: copies of a replica's events
-- KEYS[2…] hashes: windows
-- ARGV     how many windows, for each what SQL says is used (or nothing),
--          for each event: key, quantity, in how many windows, which of them
local count = tonumber(ARGV[1])
local at = 2 + count
while at <= #ARGV do
    local windows = tonumber(ARGV[at + 2])
    if redis.call('HDEL', KEYS[1], ARGV[at]) == 1 then
        for i = 1, windows do
            local window = KEYS[1 + tonumber(ARGV[at + 2 + i])]
            if is_known(window) and redis.call('HINCRBY', window, 'pending', '-' .. ARGV[at + 1]) < 0 then
                redis.call('HSET', window, 'pending', '0')
            end
        end
    end
    at = at + 3 + windows
end
for i = 1, count do
    local window = KEYS[1 + i]
    if ARGV[1 + i] ~= '' and is_known(window)
        and tonumber(ARGV[1 + i]) > tonumber(redis.call('HGET', window, 'base')) then
        redis.call('HSET', window, 'base', ARGV[1 + i])
    end
end
return {}
