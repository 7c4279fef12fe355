using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Status;
using ChunkProxy.Cache.Tests.Peers;
using ChunkProxy.Cache.Tests.Pool;
using ChunkProxy.Testing.Scripted;
using Microsoft.AspNetCore.Http;

namespace ChunkProxy.Cache.Tests.Status;

public sealed class ClusterStatusReaderTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"epoch":"1","startedAt":"2026-01-01T00:00:00Z"}""")]
    [InlineData("""
        {"epoch":"1","startedAt":"2026-01-01T00:00:00Z","memory":{"budgetBytes":1,"usedBytes":1},"disk":null,"diskProblem":null,"superHotProblem":null,
        "clientBytes":1,"servedBytes":1,"originBytes":1,"reads":null,"served":null,"fillsUnderWay":0,"fills":[],"objects":[]}
        """)]
    public async Task Read_AMemberAnswersSomethingElse_IsSilentAndTheOthersCount(string answer)
    {
        await using var origin = ScriptedOrigin.Start();
        await using var odd = await ScriptedPeer.StartAsync(
            context => context.Request.Path == PoolProtocol.StatusPath ? context.Response.WriteAsync(answer, Stop) : Task.CompletedTask, Stop);
        await using var cluster = await TestCluster.StartAsync(origin, 1, Stop);
        cluster.Nodes[0].Membership.Set(cluster.IdOf(0), odd.Id);

        var totals = await cluster[0].Cluster.ReadTotalsAsync(Stop);
        var status = await cluster[0].Cluster.ReadAsync(askMembers: true, Stop);

        Assert.Equal(0, totals.OriginBytes);
        var silent = Assert.Single(status.Members, member => member.Id == odd.Id);
        Assert.Equal((MemberState.Silent, MemberVerdict.Silent, "does not answer"), (silent.State, silent.Verdict, silent.VerdictText));
        Assert.Equal(MemberVerdict.Healthy, Assert.Single(status.Members, member => member.IsSelf).Verdict);
    }
}
