using BenchmarkDotNet.Running;
using ChunkProxy.Benchmarks.Clusters;
using ChunkProxy.Benchmarks.HitRatios;

// hit-ratios [trace …]: the eviction policy beside its yardsticks. flash-crowd, redis-outage, popularity-cost: real processes on
// loopback, less than a minute each.
// Anything else goes to BenchmarkDotNet.
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
    default:
        BenchmarkSwitcher.FromAssembly(typeof(HitRatiosCommand).Assembly).Run(args);
        break;
}
