-- ARGV     how many to forget at most
-- Replies  how many were forgotten
return {tostring(sweep(tonumber(ARGV[1])))}
