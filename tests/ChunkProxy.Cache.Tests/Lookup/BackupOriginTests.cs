using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Testing.Scripted;
using static ChunkProxy.Cache.Tests.Lookup.Engine;

namespace ChunkProxy.Cache.Tests.Lookup;

/// <summary>An origin with a backup: a second server with the same objects, asked while the first one does not answer.</summary>
public sealed class BackupOriginTests : IAsyncLifetime
{
    private const long Size = (4 * MiB) + 5;

    private readonly ScriptedOrigin _first = ScriptedOrigin.Start();
    private readonly ScriptedOrigin _backup = ScriptedOrigin.Start();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _first.Add("/film", Size);
        _backup.Add("/film", Size);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _first.DisposeAsync();
        await _backup.DisposeAsync();
    }

    [Fact]
    public async Task Read_FirstServerAnswers_TheBackupIsNotAsked()
    {
        await using var engine = Start();

        await engine.ReadAsync("/film", ByteRange.Whole(Size), Stop);

        Assert.Empty(_backup.Requests);
    }

    [Fact]
    public async Task Read_FirstServerAway_NoReadFailsAndTheOutageNamesBoth()
    {
        await using var engine = Start();
        await _first.RefuseAsync();

        await engine.ReadAsync("/film", ByteRange.Whole(Size), Stop);
        while (engine.Figures.Read().OriginProblem is null)
        {
            await engine.Reader.FindAsync(engine.At("/other" + Guid.NewGuid()), 0, Stop); // until the first server counts as down
        }

        Assert.Contains(_first.BaseAddress.ToString(), engine.Figures.Read().OriginProblem, StringComparison.Ordinal);
        Assert.Equal(Size, _backup.Requests.Where(request => request.Path == "/film").Sum(request => request.BodyBytesSent));
    }

    [Fact]
    public async Task Read_FirstServerDiesBetweenTwoChunks_TheRestComesFromTheBackup()
    {
        await using var engine = Start();
        var film = await engine.FindAsync("/film", 0, Stop);
        await engine.ReadAsync(film, new ByteRange(0, MiB), Stop);
        await engine.WhenFilledAsync(Stop);
        await _first.RefuseAsync();

        await engine.ReadAsync(film, ByteRange.Whole(Size), Stop);

        Assert.Equal(Size - MiB, _backup.BodyBytesSent);
    }

    [Fact]
    public async Task Read_WithoutRoomInMemory_FirstServerAway_TheSliceComesFromTheBackup()
    {
        await using var engine = Start(("MemorySize", "16MiB"));
        var film = await engine.FindAsync("/film", 0, Stop);
        await engine.WhenFilledAsync(Stop);
        await _first.RefuseAsync();
        var held = new List<IDisposable>();
        for (var i = 0; engine.Memory.TryRent(MiB) is { } block && i < 64; i++)
        {
            held.Add(block);
        }

        await engine.ReadAsync(film, new ByteRange(2 * MiB, 3 * MiB), Stop);

        held.ForEach(block => block.Dispose());
    }

    [Fact]
    public async Task Read_BackupHasAnotherVersion_FailsAndMixesNoBytes()
    {
        _backup.Add("/film", new OriginAnswer { Size = Size, Seed = 9, ETag = "\"other\"" });
        await using var engine = Start();
        var film = await engine.FindAsync("/film", 0, Stop);
        await engine.ReadAsync(film, new ByteRange(0, MiB), Stop);
        await engine.WhenFilledAsync(Stop);
        await _first.RefuseAsync();

        var failure = await Assert.ThrowsAsync<ChunkReadException>(() => engine.ReadAsync(film, new ByteRange(MiB, 2 * MiB), Stop));

        Assert.Equal(ProxyError.VersionChanged, failure.Error);
    }

    [Fact]
    public async Task PassThrough_FirstServerAway_ComesFromTheBackup()
    {
        await using var engine = Start();
        await _first.RefuseAsync();

        using var answer = await engine.Reader.PassThroughAsync(engine.At("/film"), HttpMethod.Get, [], client: null, Stop);

        Assert.Equal(200, answer.Status);
    }

    [Fact]
    public async Task Find_VersionIsStaleAndFirstServerAway_IsRevalidatedAtTheBackup()
    {
        var answer = new OriginAnswer { Size = Size }.WithHeader("Cache-Control", "max-age=0, must-revalidate");
        _first.Add("/film", answer);
        _backup.Add("/film", answer);
        await using var engine = Start();
        await engine.FindAsync("/film", 0, Stop);
        await _first.RefuseAsync();

        var found = await engine.Reader.FindAsync(engine.At("/film"), 0, Stop);

        Assert.Equal((ProxyError.None, false), (found.Error, found.IsStale));
        Assert.Contains(_backup.Requests, request => request["If-None-Match"] is not null);
    }

    [Fact]
    public async Task Read_FirstServerIsBack_ItIsAskedAgain()
    {
        await using var engine = Start(("Origin:ProbeInterval", "00:00:00.010"));
        await _first.RefuseAsync();
        while (engine.OriginBreaker is { IsOpen: false })
        {
            await engine.Reader.FindAsync(engine.At("/other" + Guid.NewGuid()), 0, Stop);
        }

        _first.Listen();
        while (engine.OriginBreaker is { IsOpen: true })
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Stop); // the breaker announces only that it opens
        }

        await engine.ReadAsync("/film", ByteRange.Whole(Size), Stop);
        Assert.DoesNotContain(_backup.Requests, request => request.Path == "/film");
    }

    private Engine Start(params (string Key, string Value)[] more) => new(_first, time: null, [("BackupUrl", _backup.BaseAddress.ToString()), .. more]);
}
