-- ARGV     id
-- Replies  owner, group, revision, content, expiry (ms); nothing if there is none
if not alive(ARGV[1]) then
    return {}
end
return redis.call('HMGET', tag .. ':id:' .. ARGV[1], 'owner', 'group', 'revision', 'content', 'expires')
