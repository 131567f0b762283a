-- What the scripts for tasks have in common; it stands in front of each of them.
-- KEYS[1]  the tag that all keys begin with, such as {mortise:tasks}
--
-- TAG:id:ID         hash: the fields of a task, and owner-key
-- TAG:due           sorted set: all ids, by when somebody has to look after them (ms)
-- TAG:owner:OWNER   sorted set: the ids of one owner, all with score 0, so in their order
local tag = KEYS[1]
local names = {'id', 'version', 'owner', 'status', 'created', 'updated', 'expires', 'worker', 'lease', 'body'}

local function append(found, id)
    local task = redis.call('HMGET', tag .. ':id:' .. id, unpack(names))
    if task[1] then
        for i = 1, #names do
            found[#found + 1] = task[i]
        end
    end
end

-- Fields in the order of the names, from ARGV[first] on.
local function put(key, first)
    local pairs = {}
    for i, name in ipairs(names) do
        pairs[#pairs + 1] = name
        pairs[#pairs + 1] = ARGV[first + i - 1]
    end
    redis.call('HSET', key, unpack(pairs))
end
