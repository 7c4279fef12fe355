using ChunkProxy.Testing.Signals;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ChunkProxy.AppHost.Tests.Otlp;

/// <summary>A collector of traces: OTLP over HTTP on a free port.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly List<ReceivedSpan> _spans = []; // also its own lock
    private readonly ChangeSignal _changed = new();

    private OtlpReceiver(WebApplication app)
    {
        _app = app;
        app.MapPost("/v1/traces", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            lock (_spans)
            {
                _spans.AddRange(TraceMessage.Read(body.ToArray()));
            }

            _changed.Raise();
            return Results.Bytes([], "application/x-protobuf"); // an empty ExportTraceServiceResponse
        });
        app.MapFallback(() => Results.Bytes([], "application/x-protobuf")); // logs and metrics: taken and forgotten
    }

    /// <summary>Settings with which a process sends all traces here, without delay.</summary>
    public IReadOnlyDictionary<string, string?> Environment => new Dictionary<string, string?>
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _app.Urls.Single(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
    };

    public IReadOnlyList<ReceivedSpan> Spans
    {
        get
        {
            lock (_spans)
            {
                return [.. _spans];
            }
        }
    }

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls", "http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        var receiver = new OtlpReceiver(builder.Build());
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>Returns the spans received so far once they meet the condition.</summary>
    public async Task<IReadOnlyList<ReceivedSpan>> WhenAsync(
        Func<IReadOnlyList<ReceivedSpan>, bool> holds, string what, CancellationToken cancellationToken)
    {
        IReadOnlyList<ReceivedSpan> looked = [];
        try
        {
            await _changed.UntilAsync(() => holds(looked = Spans), what, cancellationToken);
        }
        catch (TimeoutException timeout)
        {
            throw new TimeoutException($"{timeout.Message}\n{string.Join('\n', Spans)}");
        }

        return looked; // without spans that arrived later: a child may precede its parent
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
