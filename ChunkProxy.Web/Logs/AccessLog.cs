using System.Buffers;
using System.Diagnostics;
using ChunkProxy.Cache.Cluster;
using ChunkProxy.Web.Exchanges;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Logs;

/// <summary>Formats a line for each exchange that has ended, and leaves it to the writer. Never waits.</summary>
internal sealed class AccessLog : IExchangeLog
{
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _line;

    private readonly LineFormat? _format;
    private readonly LineBuffer _buffer;
    private readonly ClusterView? _cluster;
    private readonly TimeProvider _time;

    public AccessLog(IOptions<AccessLogOptions> options, LineBuffer buffer, TimeProvider time, ClusterView? cluster = null)
    {
        _format = string.IsNullOrEmpty(options.Value.To) ? null : LineFormat.Parse(options.Value.Format, options.Value.Query);
        _buffer = buffer;
        _cluster = cluster;
        _time = time;
    }

    public bool IsOn => _format is not null;

    public void Note(HttpContext context, Exchange exchange, ResponseEnding ending)
    {
        if (_format is null)
        {
            return;
        }

        var line = _line ??= new ArrayBufferWriter<byte>(512);
        line.ResetWrittenCount();
        _format.Write(new AccessEntry(context, exchange, ending, _time.GetUtcNow(), OwnerOf(exchange), Activity.Current?.TraceId.ToHexString()), line);
        _buffer.Add(line.WrittenSpan);
    }

    private string? OwnerOf(Exchange exchange) =>
        _cluster is { IsStandAlone: false } cluster && exchange.FirstChunk is { } chunk ? cluster.Owners.OwnerOf(chunk.Version.Id.Hash, chunk.Index)?.Label : null;
}
