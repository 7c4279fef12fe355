namespace ChunkProxy.FunctionalTests.Cluster;

/// <summary>The origin pays once, whoever reads where and whoever joins.</summary>
public sealed class OriginCostTests(WarmCluster run, ITestOutputHelper output) : IClassFixture<WarmCluster>
{
    [Fact]
    public void Read_ThreeNodesReadEverythingThreeTimes_CostsTheOriginItOnce()
    {
        output.WriteLine($"{run.CostOfThree / (double)WarmCluster.Size:0.0000} x the data");
        Assert.InRange(run.CostOfThree, WarmCluster.Size, (long)(WarmCluster.Size * 1.05));
    }

    [Fact]
    public void Read_ThreeEqualMembers_SharesOfAThousandChunksAreWithinFifteenPercent()
    {
        output.WriteLine(string.Join(", ", run.Shares));
        Assert.True(run.Shares.Max() <= run.Shares.Min() * 1.15, string.Join(", ", run.Shares));
        Assert.InRange(run.Shares.Sum(), WarmCluster.Chunks, WarmCluster.Chunks * 1.05);
    }

    [Fact]
    public void Read_AFourthMemberJoinsTheWarmThree_CostsTheOriginLittleOfWhatMoves()
    {
        output.WriteLine($"{run.Moved} chunks moved, {run.CostOfFourth} bytes from the origin");
        Assert.InRange(run.Moved, WarmCluster.Chunks / 5, WarmCluster.Chunks / 3); // a quarter is fair
        Assert.True(run.CostOfFourth < 0.05 * run.Moved * WarmCluster.ChunkSize, $"{run.CostOfFourth} bytes for {run.Moved} chunks that moved");
    }
}
