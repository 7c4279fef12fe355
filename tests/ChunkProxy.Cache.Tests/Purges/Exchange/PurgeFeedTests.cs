using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Tests.Lookup;
using ChunkProxy.Cache.Tests.Peers;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace ChunkProxy.Cache.Tests.Purges.Exchange;

public sealed class PurgeFeedTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Listen_MemberJoinsWhileTheOthersAreAsked_IsAskedAtOnce()
    {
        await using var origin = ScriptedOrigin.Start();
        var address = $"127.0.0.1:{FreePort.Next()}";
        var membership = new ScriptedMembership(new Member(address));
        await using var joining = await ScriptedPeer.StartAsync(static _ => Task.CompletedTask, Stop);
        await using var first = await ScriptedPeer.StartAsync(
            context =>
            {
                if (context.Request.Path == PoolProtocol.PurgesPath && membership.Owners.Epoch.Find(joining.Id) is null)
                {
                    membership.Set([.. membership.Owners.Epoch.Members.Select(member => member.Id), joining.Id]);
                }

                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable; // this process cannot listen to it
                return Task.CompletedTask;
            },
            Stop);
        membership.Set(address, first.Id);
        var neverLater = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var engine = new Engine(origin, neverLater, membership, ("PoolAddr", address), ("Coord", "http://127.0.0.1:1"));

        await engine.Pool.StartAsync(Stop);

        await joining.WhenAskedAsync(PoolProtocol.PurgesPath, 1, Stop);
    }
}
