-- Makes a window known, by what SQL says; nothing happens if it is.
-- KEYS[1]  hash: the window
-- ARGV     used, when it may be forgotten (ms)
if not is_known(KEYS[1]) then
    redis.call('HSET', KEYS[1], 'base', ARGV[1], 'pending', '0')
    redis.call('PEXPIREAT', KEYS[1], ARGV[2])
end
return {}
