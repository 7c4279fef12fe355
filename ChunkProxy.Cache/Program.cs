using ChunkProxy.Cache;
using ChunkProxy.Cache.Output;

InlineCompletions.Enable();
return await CacheProcess.ServeAsync(args, Console.Error);
