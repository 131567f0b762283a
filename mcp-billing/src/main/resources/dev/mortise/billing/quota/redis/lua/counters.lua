-- Windows are hashes: base (what SQL has), pending (what waits to be written there), and h:REPLICA (what a replica holds).
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function whole(number)
    return string.format('%.0f', number)
end

-- What replicas hold that were heard of in time; what others held is free.
local function held(window, replicas)
    local sum = 0
    local all = redis.call('HGETALL', window)
    for i = 1, #all, 2 do
        if string.sub(all[i], 1, 2) == 'h:' then
            local alive = redis.call('ZSCORE', replicas, string.sub(all[i], 3))
            if alive and tonumber(alive) >= now then
                sum = sum + tonumber(all[i + 1])
            else
                redis.call('HDEL', window, all[i])
            end
        end
    end
    return sum
end

local function used(window)
    local counts = redis.call('HMGET', window, 'base', 'pending')
    return tonumber(counts[1]) + tonumber(counts[2] or '0')
end

local function is_known(window)
    return redis.call('HEXISTS', window, 'base') == 1
end
