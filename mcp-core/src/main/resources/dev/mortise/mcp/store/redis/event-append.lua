-- Keeps an event of a session.
-- KEYS[1]  stream: the events, each at POSITION-0, with s (its stream), c (its content), e (when it expires, ms)
-- KEYS[2]  hash: position (the last one), bytes (of all contents)
-- ARGV     stream, content, expiry (ms), how many events are kept, how many bytes
-- Replies  its position
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

-- Begins with the time: a log that was forgotten and begins again goes on rising.
redis.call('HSETNX', KEYS[2], 'position', string.format('%.0f', now * 1024))
local position = string.format('%.0f', redis.call('HINCRBY', KEYS[2], 'position', 1))
redis.call('XADD', KEYS[1], position .. '-0', 's', ARGV[1], 'c', ARGV[2], 'e', ARGV[3])
local bytes = redis.call('HINCRBY', KEYS[2], 'bytes', #ARGV[2])
local count = redis.call('XLEN', KEYS[1])
while count > 1 and (count > tonumber(ARGV[4]) or bytes > tonumber(ARGV[5])) do
    local oldest = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
    redis.call('XDEL', KEYS[1], oldest[1])
    bytes = redis.call('HINCRBY', KEYS[2], 'bytes', -#oldest[2][4])
    count = count - 1
end
for _, key in ipairs(KEYS) do
    if redis.call('PTTL', key) < ARGV[3] - now then
        redis.call('PEXPIREAT', key, ARGV[3])
    end
end
return {position}
