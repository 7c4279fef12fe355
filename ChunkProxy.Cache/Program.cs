using ChunkProxy.Cache;
using ChunkProxy.Cache.ZeroCopy;

InlineCompletions.Enable();
return await CacheProcess.ServeAsync(args, Console.Error);
