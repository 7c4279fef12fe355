using ChunkProxy.Web.Exchanges;
using ChunkProxy.Web.Http.Ranges;
using ChunkProxy.Web.Http.Sending;
using Microsoft.Extensions.Primitives;

namespace ChunkProxy.Web.Tests.Http.Sending;

/// <summary>The streamer between the fake engine and a simulated client.</summary>
public abstract class SliceStreaming : IDisposable
{
    private protected const int ChunkSize = 64;

    private protected FakeChunkReader Reader { get; } = new();

    private protected FakeBodyOutput Output { get; } = new();

    public void Dispose() => Output.Dispose();

    /// <summary>Adds an object of which no chunk is in memory.</summary>
    private protected FakeObject Cold(int size) => Reader.Add(FakeObject.Film(size, ChunkSize, new ChunkScript()));

    private protected Task WriteAsync(
        FakeObject film, string range, int lookAheadLimit = 8 * ChunkSize, CancellationToken? clientGone = null, FakeBodyOutput? output = null)
    {
        var ranges = RangeOutcome.Resolve(RangeHeader.Parse(new StringValues(range), 16), film.Content.Length);
        return WriteAsync(Reader, film, ranges, output ?? Output, lookAheadLimit, clientGone ?? CancellationToken.None);
    }

    private protected static async Task WriteAsync(
        FakeChunkReader reader, FakeObject film, RangeOutcome ranges, FakeBodyOutput output, int lookAheadLimit, CancellationToken clientGone)
    {
        if (ranges.Count == 0)
        {
            return;
        }

        using var streamer = new SliceStreamer(reader, film.Version, ranges, lookAheadLimit, new Exchange(TimeProvider.System), clientGone);
        await streamer.OpenFirstAsync();
        for (var i = 0; i < ranges.Count; i++)
        {
            await streamer.WriteRangeAsync(ranges[i], output);
        }
    }
}
