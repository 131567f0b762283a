-- How a window stands.
-- KEYS[1]  sorted set: replicas
-- KEYS[2]  hash: the window
-- Replies  base, used, held; nothing if it is not known
if not is_known(KEYS[2]) then
    return {}
end
return {redis.call('HGET', KEYS[2], 'base'), whole(used(KEYS[2])), whole(held(KEYS[2], KEYS[1]))}
