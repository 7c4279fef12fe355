using System.Globalization;
using BenchmarkDotNet.Running;
using ChunkProxy.Benchmarks.Clusters;
using ChunkProxy.Benchmarks.HitRatios;
using ChunkProxy.Benchmarks.Startup;

// hit-ratios [trace …]: the eviction policy compared with reference policies. flash-crowd, redis-outage, popularity-cost, pool-key-cost: real
// processes on loopback, less than a minute each. fill-disk FOLDER CHUNKS: for startup.sh. index-memory CHUNKS CHUNKS-OF-AN-OBJECT: heap
// of the index of the disk tier.
// All other arguments go to BenchmarkDotNet.
switch (args)
{
    case ["hit-ratios", .. var traces]:
        HitRatiosCommand.Run(Console.Out, traces);
        break;
    case ["flash-crowd"]:
        await FlashCrowdCommand.RunAsync(Console.Out);
        break;
    case ["redis-outage"]:
        await RedisOutageCommand.RunAsync(Console.Out);
        break;
    case ["popularity-cost"]:
        await PopularityCostCommand.RunAsync(Console.Out);
        break;
    case ["pool-key-cost"]:
        await PoolKeyCostCommand.RunAsync(Console.Out);
        break;
    case ["fill-disk", var folder, var chunks]:
        await FillDiskCommand.RunAsync(Console.Out, folder, int.Parse(chunks, CultureInfo.InvariantCulture));
        break;
    case ["index-memory", var count, var each]:
        IndexMemoryCommand.Run(Console.Out, int.Parse(count, CultureInfo.InvariantCulture), int.Parse(each, CultureInfo.InvariantCulture));
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(HitRatiosCommand).Assembly).Run(args);
        break;
}
