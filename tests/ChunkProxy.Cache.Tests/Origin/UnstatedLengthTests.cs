using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Tests.Lookup;
using ChunkProxy.Testing.Data;
using ChunkProxy.Testing.Scripted;
using ChunkProxy.Testing.Signals;
using Microsoft.Extensions.Time.Testing;
using static ChunkProxy.Cache.Tests.Lookup.Engine;
using Answer = ChunkProxy.Testing.Scripted.OriginAnswer;

namespace ChunkProxy.Cache.Tests.Origin;

/// <summary>Playlists that the origin sends chunked, as live origins do.</summary>
public sealed class UnstatedLengthTests
{
    private const int Longest = UnstatedLength.Longest;
    private const string Path = "/live/film.m3u8?_HLS_msn=5&_HLS_part=2";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // A response that live origins make for each request: without length, range or validator.
    private static Answer Playlist(long size) =>
        new Answer { Size = size, Chunked = true, IgnoresRange = true, ETag = null, LastModified = null, ContentType = "application/vnd.apple.mpegurl; charset=utf-8" }
            .WithHeader("Cache-Control", "max-age=60");

    [Theory]
    [InlineData(1)]
    [InlineData(100_000)]
    [InlineData(Longest)]
    public async Task Find_ChunkedPlaylist_IsCached(int size)
    {
        await using var origin = ScriptedOrigin.Start();
        var playlist = origin.Add(Path, Playlist(size));
        await using var engine = new Engine(origin, time: null, ("ChunkSize", "64KiB"));

        foreach (var _ in Enumerable.Range(0, 3))
        {
            var version = await engine.FindAsync(Path, 0, Stop);
            Assert.Equal(size, version.Size);
            await engine.ReadAsync(version, ByteRange.Whole(size), Stop);
        }

        Assert.Equal(size, playlist.BodyBytesSent);
    }

    [Fact]
    public async Task Find_ManyWaitForAPlaylistThatIsHeldBack_OneRequestIsSent()
    {
        await using var origin = ScriptedOrigin.Start();
        var held = new Gate();
        var playlist = origin.Add(Path, Playlist(5000) with { HoldAnswer = held });
        await using var engine = new Engine(origin);

        var waiting = Enumerable.Range(0, 50).Select(_ => engine.FindAsync(Path, 0, Stop)).ToList();
        await held.WhenReachedAsync(Stop);
        held.Open();

        foreach (var version in await Task.WhenAll(waiting))
        {
            await engine.ReadAsync(version, ByteRange.Whole(5000), Stop);
        }

        Assert.Single(playlist.Requests);
    }

    [Fact]
    public async Task Find_TooLong_IsPassedThroughWithEveryByte()
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add(Path, Playlist(Longest + 1));
        await using var engine = new Engine(origin);

        var found = await engine.Reader.FindAsync(engine.At(Path), 0, Stop);

        Assert.True(found.IsPassThrough);
        using var answer = found.Reply!.TryOpen(hasRange: false, hasConditions: false)!;
        await TestData.VerifyAsync(1, 0, Longest + 1, answer.Body, Stop);
    }

    [Theory]
    [InlineData("no-store")]
    [InlineData("private, max-age=5")]
    public async Task Find_PlaylistOfOneClient_IsPassedOnWhileItIsMade(string rules)
    {
        await using var origin = ScriptedOrigin.Start();
        var stall = new Gate();
        origin.Add(Path, (Playlist(50_000) with { Stall = stall, StallAfter = 20_000 }).WithHeader("Cache-Control", rules));
        await using var engine = new Engine(origin);

        var found = await engine.Reader.FindAsync(engine.At(Path), 0, Stop); // the origin stalls

        Assert.True(found.IsPassThrough);
        stall.Open();
    }

    [Fact]
    public async Task Find_BodyBreaksOff_IsAskedAgain()
    {
        await using var origin = ScriptedOrigin.Start();
        var playlist = origin.Add(Path, Playlist(50_000));
        playlist.Script = request => request.Number == 1 ? playlist.Answer with { DropAfter = 20_000 } : playlist.Answer;
        await using var engine = new Engine(origin);

        var version = await engine.FindAsync(Path, 0, Stop);

        await engine.ReadAsync(version, ByteRange.Whole(50_000), Stop);
        Assert.Equal(2, playlist.Requests.Count);
    }

    [Fact]
    public async Task Find_BodyStalls_IsGivenUpAfterTheStallTimeout()
    {
        await using var origin = ScriptedOrigin.Start();
        var stall = new Gate();
        origin.Add(Path, Playlist(50_000) with { Stall = stall, StallAfter = 20_000 });
        var time = new FakeTimeProvider();
        await using var engine = new Engine(origin, time);

        var finding = engine.Reader.FindAsync(engine.At(Path), 0, Stop).AsTask();
        await stall.WhenReachedAsync(Stop);
        while (!finding.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(11)); // nothing signals when the time limit begins
            await Task.Yield();
        }

        Assert.Equal(ProxyError.OriginTimedOut, (await finding).Error);
    }
}
