using System.Net;
using System.Text;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Signals;

namespace ChunkProxy.FunctionalTests.Leaks;

/// <summary>Takes what processes export by OTLP over HTTP, and keeps it as it came: strings in it are UTF-8.</summary>
internal sealed class TelemetrySink : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ChangeSignal _changed = new();
    private readonly Lock _gate = new();
    private readonly List<(string Path, byte[] Body)> _received = []; // under _gate
    private readonly Task _receiving;
    private readonly string _address = $"http://127.0.0.1:{FreePort.Next()}";

    public TelemetrySink()
    {
        _listener.Prefixes.Add(_address + "/");
        _listener.Start();
        _receiving = ReceiveAsync();
    }

    /// <summary>Makes a process send everything here, soon.</summary>
    public IReadOnlyList<(string Name, string Value)> Environment =>
    [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", _address),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
        ("OTEL_TRACES_SAMPLER", "always_on"),
        ("OTEL_BSP_SCHEDULE_DELAY", "100"),
        ("OTEL_BLRP_SCHEDULE_DELAY", "100"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "500"),
    ];

    /// <summary>All bodies that came to a path: <c>traces</c>, <c>logs</c> or <c>metrics</c>.</summary>
    public string Of(string signal)
    {
        lock (_gate)
        {
            return string.Concat(_received.Where(it => it.Path.EndsWith(signal, StringComparison.Ordinal)).Select(it => Encoding.UTF8.GetString(it.Body)));
        }
    }

    /// <summary>Says whether these bytes came to a path: ids are bytes, and not text.</summary>
    public bool Contains(string signal, byte[] bytes)
    {
        lock (_gate)
        {
            return _received.Any(it => it.Path.EndsWith(signal, StringComparison.Ordinal) && it.Body.AsSpan().IndexOf(bytes) >= 0);
        }
    }

    /// <summary>Waits until something of this signal contains the text.</summary>
    public Task WhenAsync(string signal, string text, CancellationToken cancellationToken) =>
        _changed.UntilAsync(() => Of(signal).Contains(text, StringComparison.Ordinal), $"{signal} with {text}", cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _receiving;
    }

    private async Task ReceiveAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                lock (_gate)
                {
                    _received.Add((context.Request.Url!.AbsolutePath, body.ToArray()));
                }

                context.Response.ContentType = "application/x-protobuf";
                context.Response.Close();
                _changed.Raise();
            }
        }
        catch (Exception end) when (end is ObjectDisposedException or HttpListenerException)
        {
            // The test is over.
        }
    }
}
