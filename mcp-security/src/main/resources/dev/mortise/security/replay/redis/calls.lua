-- What the scripts for calls have in common; it stands in front of each of them.
-- KEYS[1]  the tag that all keys of an owner begin with, such as {mortise:replay:OWNER}
-- ARGV     key, claimant, lease (ms), ttl (ms), then those of the script
--
-- TAG:call:KEY  hash: digest, claimant, lease (until when, ms), and outcome once it has ended
-- TAG:all       sorted set: the keys, by when they expire (ms)
local tag, key, claimant = KEYS[1], ARGV[1], ARGV[2]
local lease, ttl = tonumber(ARGV[3]), tonumber(ARGV[4])
local call, all = tag .. ':call:' .. key, tag .. ':all'
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- Everything lives for another ttl, and the set for as long as anything in it.
local function touch()
    redis.call('PEXPIRE', call, ttl)
    redis.call('ZADD', all, now + ttl, key)
    if redis.call('PTTL', all) < ttl then
        redis.call('PEXPIRE', all, ttl)
    end
end
