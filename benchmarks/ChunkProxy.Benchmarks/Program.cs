using BenchmarkDotNet.Running;
using ChunkProxy.Benchmarks.HitRatios;

// hit-ratios [trace …]: the eviction policy beside its yardsticks. Anything else goes to BenchmarkDotNet.
if (args is ["hit-ratios", .. var traces])
{
    HitRatiosCommand.Run(Console.Out, traces);
}
else
{
    BenchmarkSwitcher.FromAssembly(typeof(HitRatiosCommand).Assembly).Run(args);
}
