using ChunkProxy.FunctionalTests.Commands;
using ChunkProxy.FunctionalTests.Operations;
using ChunkProxy.Testing.Etcd;
using ChunkProxy.Testing.Nodes;

namespace ChunkProxy.FunctionalTests.Cluster;

/// <summary>A member of a dynamic cluster (<c>-coord</c>) that hangs. Each test lets it wake up.</summary>
public sealed class HangTests(HangTests.Servers servers) : IClassFixture<HangTests.Servers>
{
    private const int Size = (6 * OneNode.MiB) + 4321; // 25 chunks: each member owns some

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    private EtcdCluster Cluster => servers.Cluster;

    [Fact]
    public async Task Read_OwnerHangsAndComesBack_IsReadAroundAndThenUsedAgain()
    {
        var films = Enumerable.Range(1, 3).Select(seed => Cluster.Origin.Add(SharedNodes.FreshPath(), Size, seed)).ToArray();
        var (front, owner) = (servers.FrontEnd, Cluster.Members[0]);
        await front.VerifyAsync(films[0], Now);

        owner.Node.Pause();
        try
        {
            await front.VerifyAsync(films[0], Now);
            await front.VerifyAsync(films[1], Now);
        }
        finally
        {
            owner.Node.Resume();
        }

        await front.WhenLineAsync(line => line.Contains($"Peer {owner.Id} failed", StringComparison.Ordinal), "the owner is missed", Now);
        await front.WhenLineAsync(line => line.Contains($"Peer {owner.Id} recovered", StringComparison.Ordinal), "the owner is back", Now);
        var filled = await owner.Node.StatAsync("fills.byOutcome.completed", Now);
        await front.VerifyAsync(films[2], Now);
        Assert.True(await owner.Node.StatAsync("fills.byOutcome.completed", Now) > filled);
    }

    [Fact]
    public async Task Status_MemberHangs_SaysThatItDoesNotAnswer()
    {
        var (asked, hung) = (Cluster.Members[0].Node, Cluster.Members[1]);
        var admin = new AdminClient(asked, SharedCluster.Key);
        hung.Node.Pause();
        try
        {
            await admin.WhenStateAsync(hung.Id, Now, "silent", "avoided"); // figures from before it hung are repeated for half a second

            var status = await CommandCluster.RunAsync(0, "status", "-node", asked.Address.ToString());

            Assert.Contains(status, line => line.StartsWith(hung.Id, StringComparison.Ordinal) && line.Contains("does not answer", StringComparison.Ordinal));
        }
        finally
        {
            hung.Node.Resume();
        }

        foreach (var node in new[] { asked, servers.FrontEnd })
        {
            await new AdminClient(node, SharedCluster.Key).WhenStateAsync(hung.Id, Now, "answers");
        }
    }

    public sealed class Servers : IAsyncLifetime
    {
        private readonly EtcdServer _etcd = new();

        internal EtcdCluster Cluster { get; private set; } = null!;

        internal Node FrontEnd { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            await _etcd.InitializeAsync();
            Cluster = new EtcdCluster(_etcd) { Arguments = "-size-c 256KiB", Settings = [("Etcd:LeaseTtl", "00:01:00")] }; // one that hangs stays a member
            await Cluster.AddAsync(2, Now);
            FrontEnd = await Cluster.AddFrontEndAsync(Now);
        }

        public async ValueTask DisposeAsync()
        {
            await Cluster.DisposeAsync();
            await _etcd.DisposeAsync();
        }
    }
}
