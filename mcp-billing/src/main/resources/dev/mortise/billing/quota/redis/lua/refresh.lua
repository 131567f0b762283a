-- Puts right what SQL says, unless that has changed here since it was asked.
-- KEYS[1]  hash: the window
-- ARGV     base that was seen before SQL was asked, what SQL says
if redis.call('HGET', KEYS[1], 'base') == ARGV[1] then
    redis.call('HSET', KEYS[1], 'base', ARGV[2])
end
return {}
