-- ARGV     id
-- Replies  nothing
forget(ARGV[1])
return {}
