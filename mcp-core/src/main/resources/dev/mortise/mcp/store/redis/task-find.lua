-- ARGV     key
-- Replies  the fields; nothing if there is none
local found = {}
append(found, ARGV[1])
return found
