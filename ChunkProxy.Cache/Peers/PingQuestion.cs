using ChunkProxy.Cache.Lookup;
using ChunkProxy.Cache.Status;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Peers;

/// <summary>Gives a sign of life, and says whether the answer to another question waits for others.</summary>
internal sealed class PingQuestion(SourceWaits waits, IOptions<CacheOptions> options) : IPoolQuestion
{
    private readonly long _chunkSize = options.Value.ChunkSize;

    public string Path => PoolProtocol.PingPath;

    public Task AnswerAsync(HttpContext context)
    {
        Untraced.Mark();
        if (PoolFields.ReadId(context.Request, options.Value) is { } id && waits.AreUnderWay(id, PoolFields.ReadFirstByte(context.Request) / _chunkSize))
        {
            context.Response.Headers[PoolProtocol.Waits] = "1";
        }

        return Task.CompletedTask;
    }
}
