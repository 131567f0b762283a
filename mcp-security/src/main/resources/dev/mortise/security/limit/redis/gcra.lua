-- Takes from all windows, or from none. Times are microseconds by the clock of the server; as numbers of Lua they are
-- exact up to 2^53, which is in the year 2255.
-- KEYS     for each window: until when what was taken from it is used up
-- ARGV     for each window: how far ahead that may be, and how far the charge moves it
-- Replies  "1" if it was taken, "0" if not; for each window how far ahead it is now
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local found = redis.call('MGET', unpack(KEYS))
local debts, fits = {}, true
for i = 1, #KEYS do
    local most, cost = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
    local ahead = found[i] and tonumber(found[i]) - now or 0
    -- Never more than the most: a clock that was set back, or a smaller limit, must not shut anybody out for long.
    debts[i] = math.min(math.max(ahead, 0), most)
    fits = fits and debts[i] + cost <= most
end
local reply = {fits and '1' or '0'}
for i = 1, #KEYS do
    if fits then
        debts[i] = debts[i] + tonumber(ARGV[2 * i])
        -- Not tostring, which rounds to 14 digits.
        redis.call('SET', KEYS[i], string.format('%.0f', now + debts[i]), 'PX', math.floor(debts[i] / 1000) + 1)
    end
    reply[i + 1] = string.format('%.0f', debts[i])
end
return reply
