using System.Net.Http.Headers;

namespace ChunkProxy.Deploy.Tests.Containers;

[Collection(ContainerEngine.OneAtATime)]
public sealed class ComposeClusterTests
{
    private const string Skipped = ContainerEngine.Absent;

    private static readonly string[] Films = ["films/aurora.webm", "films/orbit.webm", "films/tides.webm"];

    private static readonly string[] Cluster = ["etcd", "sample-origin", "cache-1", "cache-2", "cache-3", "web"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Skip = Skipped, SkipUnless = nameof(ContainerEngine.IsSetUp), SkipType = typeof(ContainerEngine))]
    public async Task Up_WithRedis_FilmsAreTheOriginsAndDownLeavesNothing()
    {
        await using var cluster = await ComposeCluster.PrepareAsync(
            [("COMPOSE_PROFILES", "redis,sample"), ("REDIS_PASSWORD", "a-password-for-this-test"), ("REDIS", "superhot:6379,password=a-password-for-this-test")], Cancelled);
        await cluster.UpAsync([.. Cluster, "superhot"], Cancelled);
        await cluster.WhenMembersAnswerAsync(3, Cancelled);

        foreach (var film in Films)
        {
            var origin = await cluster.ReadFromOriginAsync(film, Cancelled);
            AssertSame(origin, await cluster.ReadAsync(film, Cancelled), $"{film}, all of it");
            var (from, to) = (origin.Length / 3, origin.Length / 2);
            AssertSame(origin[from..(to + 1)], await cluster.ReadAsync(film, Cancelled, new RangeHeaderValue(from, to)), $"{film}, a part of it");
        }

        // "PONG" only with the password: the server has it, and so do its users.
        Assert.Contains("PONG", await cluster.ExecAsync("superhot", ["redis-cli", "-a", "a-password-for-this-test", "ping"], Cancelled), StringComparison.Ordinal);
        Assert.Contains("NOAUTH", await cluster.ExecAsync("superhot", ["redis-cli", "ping"], Cancelled), StringComparison.Ordinal);
        Assert.DoesNotContain("NOAUTH", await cluster.LogsAsync("web", Cancelled), StringComparison.Ordinal);
        // A member logs events and not each request of its peers.
        Assert.DoesNotContain("Request starting", await cluster.LogsAsync("cache-1", Cancelled), StringComparison.Ordinal);

        Assert.Empty(await cluster.DownAsync(Cancelled));
    }

    [Fact(Skip = Skipped, SkipUnless = nameof(ContainerEngine.IsSetUp), SkipType = typeof(ContainerEngine))]
    public async Task CutOff_AMemberLosesItsNetworkAndGetsItBack_EveryReadIsWhole()
    {
        await using var cluster = await ComposeCluster.PrepareAsync([("COMPOSE_PROFILES", "sample")], Cancelled);
        await cluster.UpAsync(Cluster, Cancelled);
        await cluster.WhenMembersAnswerAsync(3, Cancelled);
        var film = Films[0];
        var origin = await cluster.ReadFromOriginAsync(film, Cancelled);
        AssertSame(origin, await cluster.ReadAsync(film, Cancelled), "before");

        await cluster.CutOffAsync("cache-2", Cancelled);
        AssertSame(origin, await cluster.ReadAsync(film, Cancelled), "at once after the cut"); // etcd still names it
        await cluster.WhenMembersAnswerAsync(2, Cancelled);
        AssertSame(origin, await cluster.ReadAsync(film, Cancelled), "without the member");

        await cluster.BringBackAsync("cache-2", Cancelled);
        await cluster.WhenMembersAnswerAsync(3, Cancelled);
        AssertSame(origin, await cluster.ReadAsync(film, Cancelled), "with the member again");
    }

    [Fact(Skip = Skipped, SkipUnless = nameof(ContainerEngine.IsSetUp), SkipType = typeof(ContainerEngine))]
    public async Task Etcd_AsDelivered_RequiresThePassword()
    {
        await using var cluster = await ComposeCluster.PrepareAsync([("COMPOSE_PROFILES", "sample")], Cancelled);
        await cluster.UpAsync(Cluster, Cancelled);
        await cluster.WhenMembersAnswerAsync(3, Cancelled);

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => cluster.ExecAsync("etcd", ["etcdctl", "get", "--prefix", "clusters/"], Cancelled));
        Assert.Contains("user name is empty", refusal.Message, StringComparison.Ordinal);
        var film = await cluster.ReadFromOriginAsync(Films[2], Cancelled);
        AssertSame(film, await cluster.ReadAsync(Films[2], Cancelled), "the film");
    }

    // Megabytes: a difference is named by its place, and not printed.
    private static void AssertSame(byte[] expected, byte[] actual, string what)
    {
        Assert.NotEmpty(expected);
        var same = expected.AsSpan().CommonPrefixLength(actual);
        Assert.True(same == expected.Length && same == actual.Length, $"{what}: {expected.Length} bytes expected, {actual.Length} read, the first {same} are equal.");
    }
}
