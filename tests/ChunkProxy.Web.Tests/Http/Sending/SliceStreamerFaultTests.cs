using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Web.Tests.Http.Sending;

/// <summary>A chunk cannot be opened or read, or the client has left: how the streamer ends, and that it returns every lease.</summary>
public sealed class SliceStreamerFaultTests : SliceStreaming
{
    [Fact]
    public async Task Write_ChunkAheadCannotBeOpened_SendsAllBeforeItAndThenFails()
    {
        var film = Cold(1000);
        film.Scripts[3] = new ChunkScript { OpenError = ProxyError.OriginTimedOut };

        var failure = await Assert.ThrowsAsync<ChunkReadException>(() => WriteAsync(film, ""));

        Assert.Equal(ProxyError.OriginTimedOut, failure.Error);
        Assert.Equal(film.Content[..192], Output.Bytes);
        Assert.Equal(0, Reader.OpenLeases);
    }

    [Fact]
    public async Task Write_ChunkAheadWaitedTooLongForTheClientsOwnReads_IsOpenedAgainWhenItIsItsTurn()
    {
        var film = Cold(1000);
        film.Scripts[0] = new ChunkScript { PauseAt = 32 };
        film.Scripts[1] = new ChunkScript { OpenError = ProxyError.ClientLimited };
        var writing = WriteAsync(film, "");
        await film.Scripts[0].Paused.Task.Within();
        Assert.Equal([0, 1], Reader.Opens); // and the second one was refused

        film.Scripts[1].OpenError = ProxyError.None;
        film.Scripts[0].Resume.SetResult();
        await writing.Within();

        Assert.Equal([0, 1, 1], Reader.Opens.Take(3));
        Assert.Equal(film.Content, Output.Bytes);
        Assert.Equal(0, Reader.OpenLeases);
    }

    [Fact]
    public async Task Write_ChunkAheadIsRefusedAgainWhenItIsItsTurn_SendsAllBeforeItAndThenFails()
    {
        var film = Cold(1000);
        film.Scripts[3] = new ChunkScript { OpenError = ProxyError.ClientLimited };

        var failure = await Assert.ThrowsAsync<ChunkReadException>(() => WriteAsync(film, ""));

        Assert.Equal(ProxyError.ClientLimited, failure.Error);
        Assert.Equal(film.Content[..192], Output.Bytes);
        Assert.Equal(2, Reader.Opens.Count(chunk => chunk == 3));
        Assert.Equal(0, Reader.OpenLeases);
    }

    [Fact]
    public async Task Write_ReadFailsWithinAChunk_SendsAllBeforeItAndReturnsEveryLease()
    {
        var film = Cold(1000);
        film.Scripts[2] = new ChunkScript { FailAt = 10, Error = ProxyError.OriginFailed };

        var failure = await Assert.ThrowsAsync<ChunkReadException>(() => WriteAsync(film, ""));

        Assert.Equal(ProxyError.OriginFailed, failure.Error);
        Assert.Equal(film.Content[..138], Output.Bytes);
        await Reader.AllLeasesReturnedAsync();
    }

    [Fact]
    public async Task Write_ClientGoesWhileAChunkAheadIsOpening_CancelsItAtOnce()
    {
        using var client = new CancellationTokenSource();
        var never = new TaskCompletionSource();
        var film = Cold(1000);
        film.Scripts[0] = new ChunkScript { PauseAt = 32 };
        film.Scripts[1] = new ChunkScript { OpenGate = never.Task };

        var writing = WriteAsync(film, "", clientGone: client.Token);
        await film.Scripts[0].Paused.Task.Within();
        await client.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing.Within());
        await Reader.OpeningsCancelledAsync(1);
        await Reader.AllLeasesReturnedAsync();
    }

    [Fact]
    public async Task Dispose_ChunkAheadOpensOnlyAfterwards_ReturnsItsLeaseToo()
    {
        var gate = new TaskCompletionSource();
        var film = Cold(1000);
        film.Scripts[0] = new ChunkScript { FailAt = 32 };
        film.Scripts[1] = new ChunkScript { OpenGate = gate.Task, IgnoresCancellation = true };

        await Assert.ThrowsAsync<ChunkReadException>(() => WriteAsync(film, "").Within());
        Assert.Equal(0, Reader.OpenLeases);
        gate.SetResult();

        await Reader.UntilAsync(() => Reader.Lent == 2, "the late chunk opened");
        await Reader.AllLeasesReturnedAsync();
    }
}
