namespace ChunkProxy.FunctionalTests.Cluster;

/// <summary>A member with another <c>-url</c> or chunk size.</summary>
public sealed class DisagreementTests(QuarrelingCluster cluster) : IClassFixture<QuarrelingCluster>
{
    private const int Size = 20 * OneNode.MiB;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true, "origin (-url, or OriginName)")]
    [InlineData(false, "chunk size (-size-c)")]
    public async Task Member_WithOtherSettings_IsNamedAndBypassedByEachSide(bool hasOtherUrl, string named)
    {
        var (one, two) = (cluster.First, hasOtherUrl ? cluster.OtherUrl : cluster.OtherChunkSize);
        var film = cluster.Origin.Add(SharedNodes.FreshPath(), Size);
        cluster.Origin.Add("/other" + film.Path, Size);

        await one.Node.WhenLineAsync(line => IsNamed(line, two), "the first names the second", Now);
        await two.Node.WhenLineAsync(line => IsNamed(line, one), "the second names the first", Now);
        await Task.WhenAll(one.Node.VerifyAsync(film, Now), two.Node.VerifyAsync(film, Now));

        Assert.Equal((0, 0), (await one.Node.ReadsFromPeersAsync(Now), await two.Node.ReadsFromPeersAsync(Now)));

        bool IsNamed(string line, ClusterMember member) =>
            line.Contains($"Member {member.Id} has other settings, and is bypassed until they are equal: {named} is ", StringComparison.Ordinal);
    }
}
