namespace ChunkProxy.FunctionalTests.Cluster;

/// <summary>Each chunk is fetched from the origin once, wherever it is read and whichever members join.</summary>
public sealed class OriginCostTests(WarmCluster run, ITestOutputHelper output) : IClassFixture<WarmCluster>
{
    [Fact]
    public void Read_ThreeNodesReadEverythingThreeTimes_CostsTheOriginItOnce()
    {
        output.WriteLine($"{run.CostOfThree / (double)WarmCluster.Size:0.0000} x the data");
        Assert.InRange(run.CostOfThree, WarmCluster.Size, (long)(WarmCluster.Size * 1.05));
    }

    // How even the shares are is OwnerMapTests' business, which know the members: here they have the names of their ports, other ones each time, and
    // in one run of 70 the busiest member has 15 % more than the idlest. A quarter off a fair share is 8 standard deviations.
    [Fact]
    public void Read_ThreeEqualMembers_EachRetrievesItsShare()
    {
        output.WriteLine(string.Join(", ", run.Shares));
        Assert.All(run.Shares, share => Assert.InRange(share, WarmCluster.Chunks / 4, WarmCluster.Chunks * 5 / 12));
        Assert.InRange(run.Shares.Sum(), WarmCluster.Chunks, WarmCluster.Chunks * 1.05);
    }

    [Fact]
    public void Read_AFourthMemberJoinsTheWarmThree_CostsTheOriginLittleOfWhatMoves()
    {
        output.WriteLine($"{run.Moved} chunks moved, {run.CostOfFourth} bytes from the origin");
        Assert.InRange(run.Moved, WarmCluster.Chunks / 6, WarmCluster.Chunks / 3); // a quarter is fair; 9 standard deviations either way
        Assert.True(run.CostOfFourth < 0.05 * run.Moved * WarmCluster.ChunkSize, $"{run.CostOfFourth} bytes for {run.Moved} chunks that moved");
    }
}
