using ChunkProxy.Cache.Reads;
using ChunkProxy.Web.Tests.Hosting;

namespace ChunkProxy.Web.Tests.Http.Sending;

/// <summary>Complete responses over a real connection, with faults.</summary>
public abstract class StreamedAnswerTests(bool lendMemory) : IAsyncLifetime
{
    private const int ChunkSize = 64 * 1024;

    private FrontEndHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await FrontEndHost.StartAsync(options => options.LendMemory = lendMemory);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Get_ColdObject_ArrivesWhole()
    {
        var film = _host.Reader.Add(FakeObject.Film((10 * ChunkSize) + 1, ChunkSize, new ChunkScript { PieceSize = 5000 }));

        var answer = await _host.SendAsync("GET", "/film");

        Assert.Equal(film.Content, answer.Body);
        await _host.FiguresAsync(figures => figures is { Requests: 1, Gone: 0, ReadsFailed: 0 } && figures.SentBytes == film.Content.Length);
        await _host.Reader.AllLeasesReturnedAsync();
    }

    [Fact]
    public async Task Get_SourcePauses_BytesSoFarArriveBeforeTheRest()
    {
        var film = _host.Reader.Add(FakeObject.Film(2 * ChunkSize, ChunkSize));
        var script = film.Scripts[0] = new ChunkScript { PauseAt = 1000 };
        using var connection = await RawConnection.OpenAsync(_host.Port);

        await connection.SendAsync("GET /film HTTP/1.1\r\nHost: test\r\n\r\n");
        var head = await connection.ReadHeadAsync();
        var (before, _) = await connection.ReadBytesAsync(1000);
        script.Resume.SetResult();
        var (after, isWhole) = await connection.ReadBytesAsync((2 * ChunkSize) - 1000);

        Assert.StartsWith("HTTP/1.1 200 ", head);
        Assert.Equal(film.Content, before.Concat(after));
        Assert.True(isWhole);
    }

    [Theory]
    [InlineData(ProxyError.OriginUnreachable)]
    [InlineData(ProxyError.OriginTimedOut)]
    [InlineData(ProxyError.OriginFailed)]
    [InlineData(ProxyError.OriginMisbehaved)]
    [InlineData(ProxyError.VersionChanged)]
    [InlineData(ProxyError.Overloaded)]
    public async Task Get_ReadFailsAfterTheHead_ConnectionIsAborted(ProxyError error)
    {
        var film = _host.Reader.Add(FakeObject.Film(4 * ChunkSize, ChunkSize, new ChunkScript()));
        var failing = film.Scripts[2] = new ChunkScript { PauseAt = 1000, FailAt = 1000, Error = error };

        var answer = await _host.SendAsync("GET", "/film", failing.Resume.SetResult);

        Assert.Equal(200, answer.Status);
        Assert.False(answer.IsWhole);
        Assert.InRange(answer.Body.Length, 0, (2 * ChunkSize) + 1000);
        Assert.Equal(film.Content[..answer.Body.Length], answer.Body);
        await _host.FiguresAsync(figures => figures.ReadsFailed == 1);
        await _host.Reader.AllLeasesReturnedAsync();
        Assert.Equal(error == ProxyError.VersionChanged ? 1 : 0, _host.Reader.Forgotten.Count);
    }

    [Theory]
    [InlineData(typeof(OperationCanceledException))]
    [InlineData(typeof(InvalidOperationException))]
    public async Task Get_DefectAfterTheHead_ConnectionIsAborted(Type defect)
    {
        var film = _host.Reader.Add(FakeObject.Film(4 * ChunkSize, ChunkSize, new ChunkScript()));
        var failing = film.Scripts[1] = new ChunkScript { PauseAt = 0, FailAt = 0, Defect = (Exception)Activator.CreateInstance(defect)! };

        var answer = await _host.SendAsync("GET", "/film", failing.Resume.SetResult);

        Assert.Equal(200, answer.Status);
        Assert.False(answer.IsWhole);
        await _host.Reader.AllLeasesReturnedAsync();
    }

    [Fact]
    public async Task Get_SecondPartOfMultipartFails_ConnectionIsAborted()
    {
        var film = _host.Reader.Add(FakeObject.Film(4 * ChunkSize, ChunkSize));
        var failing = film.Scripts[2] = new ChunkScript { PauseAt = 0, FailAt = 0 };

        var answer = await _host.SendAsync("GET", "/film", failing.Resume.SetResult, $"Range: bytes=0-9,{2 * ChunkSize}-{(2 * ChunkSize) + 9}");

        Assert.Equal(206, answer.Status);
        Assert.False(answer.IsWhole);
        await _host.FiguresAsync(figures => figures.ReadsFailed == 1);
    }

    [Fact]
    public async Task Get_OpenFailsBeforeTheHead_HasAStatus()
    {
        var film = _host.Reader.Add(FakeObject.Film(1000, 100, new ChunkScript { OpenError = ProxyError.OriginTimedOut }));

        var answer = await _host.SendAsync("GET", "/film");

        Assert.Equal(504, answer.Status);
        Assert.True(answer.IsWhole);
        Assert.Null(answer["ETag"]);
        Assert.Equal(0, _host.Reader.OpenLeases);
        Assert.NotNull(film);
    }

    [Fact]
    public async Task Get_FirstBytesFail_HasAStatus()
    {
        _host.Reader.Add(FakeObject.Film(1000, 100, new ChunkScript { FailAt = 0, Error = ProxyError.OriginFailed }));

        var answer = await _host.SendAsync("GET", "/film");

        Assert.Equal(502, answer.Status);
        Assert.True(answer.IsWhole);
        Assert.Equal(0, _host.Reader.OpenLeases);
    }

    [Fact]
    public async Task Get_VersionChangedBeforeTheHead_ServesTheNewOne()
    {
        var old = _host.Reader.Add(FakeObject.Film(1000, 100, new ChunkScript { OpenError = ProxyError.VersionChanged }));
        var now = FakeObject.Film(700, 100, new ChunkScript(), "\"new\"");
        _host.Reader.OnForget = _ => _host.Reader.Add(now);

        var answer = await _host.SendAsync("GET", "/film", "Range: bytes=10-");

        Assert.Equal(206, answer.Status);
        Assert.Equal("\"new\"", answer["ETag"]);
        Assert.Equal("bytes 10-699/700", answer["Content-Range"]);
        Assert.Equal(now.Content[10..], answer.Body);
        Assert.Same(old.Version, Assert.Single(_host.Reader.Forgotten));
    }

    [Fact]
    public async Task Get_VersionChangesAgainAndAgain_EndsWith502()
    {
        _host.Reader.Add(FakeObject.Film(1000, 100, new ChunkScript { OpenError = ProxyError.VersionChanged }));

        var answer = await _host.SendAsync("GET", "/film");

        Assert.Equal(502, answer.Status);
        Assert.Equal(3, _host.Reader.Finds.Count);
        Assert.Equal(3, _host.Reader.Forgotten.Count);
    }

    [Fact]
    public async Task Get_ClientResetsWhileTheSourcePauses_EndsAtOnce()
    {
        var never = new TaskCompletionSource();
        var film = _host.Reader.Add(FakeObject.Film(4 * ChunkSize, ChunkSize, new ChunkScript()));
        film.Scripts[0] = new ChunkScript { PauseAt = 1000 };
        film.Scripts[1] = new ChunkScript { OpenGate = never.Task };
        using var connection = await RawConnection.OpenAsync(_host.Port);
        await connection.SendAsync("GET /film HTTP/1.1\r\nHost: test\r\n\r\n");
        await connection.ReadHeadAsync();

        connection.Reset();

        await _host.Reader.OpeningsCancelledAsync(1);
        await _host.FiguresAsync(figures => figures.Gone == 1);
        await _host.Reader.AllLeasesReturnedAsync();
    }

    [Fact]
    public async Task Get_ClientResetsWhileItsWriteIsPending_ReturnsEveryLease()
    {
        _host.Reader.Add(FakeObject.Film(64 * 1024 * 1024, 1024 * 1024));
        using var connection = await RawConnection.OpenAsync(_host.Port, receiveBuffer: 4096);
        await connection.SendAsync("GET /film HTTP/1.1\r\nHost: test\r\n\r\n");
        await connection.ReadHeadAsync();

        connection.Reset();

        await _host.FiguresAsync(figures => figures.Gone == 1);
        await _host.Reader.AllLeasesReturnedAsync();
    }

    [Fact]
    public async Task Get_ClientTakesNothing_IsAbortedAfterTheConfiguredTime()
    {
        var film = _host.Reader.Add(FakeObject.Film(64 * 1024 * 1024, 1024 * 1024));
        using var connection = await RawConnection.OpenAsync(_host.Port, receiveBuffer: 4096);
        await connection.SendAsync("GET /film HTTP/1.1\r\nHost: test\r\n\r\n");
        await connection.ReadHeadAsync();

        // Only the front end uses this clock. Nothing signals when its write is pending, so the clock advances until it is.
        using var clock = new Timer(_ => _host.Time.Advance(TimeSpan.FromSeconds(20)), null, 0, 20);
        await _host.FiguresAsync(figures => figures.Stalled == 1);

        await _host.Reader.AllLeasesReturnedAsync();
        Assert.NotEqual(film.Content.Length, (await connection.ReadBytesAsync(film.Content.Length)).Bytes.Length);
    }

    [Fact]
    public async Task Get_TwoRequestsInOnePacket_AreAnsweredInOrder()
    {
        var film = _host.Reader.Add(FakeObject.Film(1000, 100));
        using var connection = await RawConnection.OpenAsync(_host.Port);
        await connection.SendAsync(
            "GET /film HTTP/1.1\r\nHost: test\r\nRange: bytes=0-149\r\n\r\nHEAD /film HTTP/1.1\r\nHost: test\r\n\r\nGET /film HTTP/1.1\r\nHost: test\r\nRange: bytes=-1\r\n\r\n");

        var first = await connection.ReadAsync();
        var head = await connection.ReadAsync(isHead: true);
        var last = await connection.ReadAsync();

        Assert.Equal(film.Content[..150], first.Body);
        Assert.Equal("1000", head["Content-Length"]);
        Assert.Equal(film.Content[^1..], last.Body);
    }

    [Fact]
    public async Task Get_ManyAtOnce_EachGetsItsOwnRange()
    {
        var film = _host.Reader.Add(FakeObject.Film(20 * ChunkSize, ChunkSize, new ChunkScript { PieceSize = 30_000 }));

        await Task.WhenAll(Enumerable.Range(0, 32).Select(async i =>
        {
            var (first, last) = (i * 1000, film.Content.Length - 1 - (i * 999));
            var answer = await _host.SendAsync("GET", "/film", $"Range: bytes={first}-{last}");
            Assert.Equal(film.Content[first..(last + 1)], answer.Body);
        }));

        await _host.Reader.AllLeasesReturnedAsync();
    }
}
