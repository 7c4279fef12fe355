using ChunkProxy.Cache.ZeroCopy;
using ChunkProxy.Web.Http.Sending;
using ChunkProxy.Web.Tests.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ChunkProxy.Web.Tests.Http.Sending;

/// <summary>The client's time limit expires just as its pending write completes. The next operation then fails on the closed connection.</summary>
public sealed class StalledAnswerTests
{
    private const int ChunkSize = 1000;

    [Theory]
    [InlineData(int.MaxValue)] // the next write meets it
    [InlineData(500)] // the next read of the chunk does
    public async Task Get_AbortedAsItsWriteEnds_IsCountedAsStalledAndNotAsGone(int pauseAt)
    {
        await using var host = await FrontEndHost.StartAsync(replace: services => services.AddSingleton<IBodyOutputFactory, Outputs>());
        host.Reader.Add(FakeObject.Film(4 * ChunkSize, ChunkSize, new ChunkScript { PieceSize = 500, PauseAt = pauseAt }));
        using var connection = await RawConnection.OpenAsync(host.Port);

        await connection.SendAsync("GET /film HTTP/1.1\r\nHost: test\r\n\r\n");

        await host.FiguresAsync(figures => figures is { Requests: 1, Stalled: 1, Gone: 0 });
        await host.Reader.AllLeasesReturnedAsync();
    }

    private sealed class Outputs : IBodyOutputFactory
    {
        public IBodyOutput Create(HttpContext context) => new Output(context);
    }

    private sealed class Output(HttpContext context) : IBodyOutput
    {
        public long BytesWritten { get; private set; }

        public bool ClientHasStalled { get; private set; }

        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            if (ClientHasStalled)
            {
                throw new OperationCanceledException("The connection is closed.", cancellationToken);
            }

            BytesWritten += bytes.Length;
            ClientHasStalled = true;
            context.Abort();
            return ValueTask.CompletedTask;
        }

        public void Dispose()
        {
        }
    }
}
