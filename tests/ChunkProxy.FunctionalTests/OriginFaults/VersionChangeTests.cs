using System.Net;
using ChunkProxy.Testing.Data;
using ChunkProxy.Testing.Scripted;
using ChunkProxy.Testing.Signals;

namespace ChunkProxy.FunctionalTests.OriginFaults;

/// <summary>A response contains bytes of one version only, even if the object changes at the origin.</summary>
[Collection(SharedNodesCollection.Name)]
public sealed class VersionChangeTests(SharedNodes nodes)
{
    private const int Size = 40 * OneNode.MiB;

    private static readonly OriginAnswer Old = new() { Size = Size, Seed = 1, ETag = "\"old\"" };
    private static readonly OriginAnswer New = new() { Size = Size, Seed = 2, ETag = "\"new\"", LastModified = Old.LastModified!.Value.AddDays(1) };

    public static TheoryData<string> Changes => ["tag", "tag and size", "date alone", "size alone", "weak tag"];

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task ChangesBetweenChunks_ResponseBreaksOffAndTheNextOneIsTheNewVersion(string change)
    {
        var (before, after) = Versions(change);
        var one = await nodes.GetAsync("-size-c 1MiB", Now, ("FrontEnd:LookAheadLimit", "1MiB"));
        var film = one.Origin.Add(SharedNodes.FreshPath(), before);

        using (var response = await one.Node.GetAsync(film.Path, Now))
        {
            var body = await response.Content.ReadAsStreamAsync(Now);
            var head = new byte[100_000];
            await body.ReadExactlyAsync(head, Now);
            TestData.Verify(before.Seed, 0, head);

            film.Answer = after;

            // Right bytes of the old version, then a broken connection: not one byte of the new one, and no clean end.
            await Assert.ThrowsAnyAsync<IOException>(() => TestData.VerifyAsync(before.Seed, head.Length, before.Size - head.Length, body, Now));
        }

        await one.VerifyAsync(film, Now);
    }

    [Fact]
    public async Task ChangedWhileTheProxyStillTrustsTheOldOne_RestartsBeforeTheHeaders()
    {
        var one = await nodes.GetAsync("-size-c 1MiB", Now, ("FrontEnd:LookAheadLimit", "0"));
        var film = one.Origin.Add(SharedNodes.FreshPath(), Old);
        await one.VerifyAsync(film, 0, OneNode.MiB, Now);

        film.Answer = New;

        // The version is known and fresh, but this chunk must come from the origin, which has a new version.
        await one.VerifyAsync(film, 20 * OneNode.MiB, OneNode.MiB, Now);
        await one.VerifyAsync(film, 0, OneNode.MiB, Now);
    }

    [Fact]
    public async Task ShrunkToLessThanTheChunk_NextReadIsTheNewVersion()
    {
        var one = await nodes.GetAsync("-size-c 1MiB", Now, ("FrontEnd:LookAheadLimit", "0"));
        var film = one.Origin.Add(SharedNodes.FreshPath(), Old);
        await one.VerifyAsync(film, 0, OneNode.MiB, Now);

        film.Answer = New with { Size = 1000 };
        using var response = await one.Node.GetAsync(film.Path, Now, 20 * OneNode.MiB, 21 * OneNode.MiB);

        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, response.StatusCode);
        await one.VerifyAsync(film, Now);
    }

    [Fact]
    public async Task DropsAndComesBackAsAnotherVersion_NeverMixed()
    {
        var one = await nodes.GetAsync("-size-c 4MiB", Now, ("FrontEnd:LookAheadLimit", "0"));
        var gate = new Gate();
        var film = one.Origin.Add(SharedNodes.FreshPath(), Old);
        film.Script = request => request.Number == 1 ? Old with { Stall = gate, StallAfter = OneNode.MiB, DropAfter = OneNode.MiB } : New;

        using (var response = await one.Node.GetAsync(film.Path, Now))
        {
            await gate.WhenReachedAsync(Now);
            gate.Open();
            await Assert.ThrowsAnyAsync<IOException>(
                async () => await TestData.VerifyAsync(1, 0, Size, await response.Content.ReadAsStreamAsync(Now), Now));
        }

        film.Answer = New;
        await one.VerifyAsync(film, Now);
    }

    [Fact]
    public async Task NoLongerFresh_IsValidatedAndServedFromTheCacheWhereItIsTheSame()
    {
        var one = await nodes.GetAsync("-size-c 1MiB", Now);
        var film = one.Origin.Add(SharedNodes.FreshPath(), (Old with { Size = 3_000_000 }).WithHeader("Cache-Control", "max-age=0"));
        await one.VerifyAsync(film, Now);
        await film.WhenIdleAsync(Now);

        await one.VerifyAsync(film, Now);

        Assert.InRange(film.BodyBytesSent, 3_000_000, 3_000_000 + OneNode.MiB);
    }

    [Fact]
    public async Task NoLongerFreshAndChanged_IsTheNewVersion()
    {
        var one = await nodes.GetAsync("-size-c 1MiB", Now);
        var film = one.Origin.Add(SharedNodes.FreshPath(), Old.WithHeader("Cache-Control", "max-age=0"));
        await one.VerifyAsync(film, Now);

        film.Answer = New.WithHeader("Cache-Control", "max-age=0");

        await one.VerifyAsync(film, Now);
    }

    private static (OriginAnswer Before, OriginAnswer After) Versions(string change) => change switch
    {
        "tag" => (Old, New),
        "tag and size" => (Old, New with { Size = Size + 12_345 }),
        "date alone" => (Old with { ETag = null }, New with { ETag = null }),
        "size alone" => (Unvalidated(Old), Unvalidated(New with { Size = Size - 1 })),
        _ => (Old with { ETag = "W/\"a\"" }, New with { ETag = "W/\"b\"" }),
    };

    private static OriginAnswer Unvalidated(OriginAnswer answer) => (answer with { ETag = null, LastModified = null }).WithHeader("Cache-Control", "max-age=600");
}
