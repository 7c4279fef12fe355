using System.Diagnostics.Metrics;
using System.Net;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Testing.Signals;
using ChunkProxy.Web.Exchanges;
using ChunkProxy.Web.Hosting;
using ChunkProxy.Web.Settings;
using ChunkProxy.Web.Tests.Http.Sending;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace ChunkProxy.Web.Tests.Hosting;

/// <summary>The front end on a real server with its own port, with a fake engine and a clock that the test advances.</summary>
internal sealed class FrontEndHost : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly WebApplication _app;
    private readonly ChangeSignal _requestEnded = new();
    private readonly MeterListener _listener;

    private FrontEndHost(WebApplication app, FakeChunkReader reader, FakeTimeProvider time)
    {
        _app = app;
        Reader = reader;
        Time = time;
        var address = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();
        Port = new Uri(address).Port;
        _listener = new MeterListener { InstrumentPublished = Listen };
        _listener.SetMeasurementEventCallback<double>((_, _, _, _) => _requestEnded.Raise());
        _listener.Start();
    }

    public FakeChunkReader Reader { get; }

    public FakeTimeProvider Time { get; }

    public int Port { get; }

    public FrontEndFigures Figures => _app.Services.GetRequiredService<FrontEndTotals>().Read();

    public IServiceProvider Services => _app.Services;

    public static async Task<FrontEndHost> StartAsync(
        Action<FrontEndOptions>? configure = null,
        Action<WebApplication>? map = null,
        Action<ListenOptions>? listen = null,
        Action<IServiceCollection>? replace = null)
    {
        var reader = new FakeChunkReader();
        var time = new FakeTimeProvider(Start);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listener =>
        {
            listener.UseChunkProxyFrontEnd();
            listen?.Invoke(listener);
        }));
        builder.Services.AddSingleton<IChunkReader>(reader);
        builder.Services.AddSingleton<TimeProvider>(time);
        replace?.Invoke(builder.Services);
        builder.Services.AddChunkProxyFrontEnd();
        builder.Services.Configure(configure ?? (_ => { }));
        var app = builder.Build();
        map?.Invoke(app);
        app.MapChunkProxyFrontEnd();
        await app.StartAsync();
        return new FrontEndHost(app, reader, time);
    }

    public Task<RawResponse> SendAsync(string method, string target, params string[] fields) => SendAsync(method, target, afterHead: null, fields);

    public async Task<RawResponse> SendAsync(string method, string target, Action? afterHead, params string[] fields)
    {
        using var connection = await RawConnection.OpenAsync(Port);
        var lines = string.Concat(fields.Select(field => field + "\r\n"));
        await connection.SendAsync($"{method} {target} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n{lines}\r\n");
        return await connection.ReadAsync(isHead: method == "HEAD", afterHead);
    }

    /// <summary>Waits for figures that are counted at the end of a request, which may be after the client has the response.</summary>
    public Task FiguresAsync(Func<FrontEndFigures, bool> hold) =>
        _requestEnded.UntilAsync(() => hold(Figures), "the figures of ended requests", TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private void Listen(Instrument instrument, MeterListener listener)
    {
        // Other tests of this process have meters of the same name. The meter factory distinguishes them.
        if (instrument.Name == "chunkproxy.request.duration" && ReferenceEquals(instrument.Meter.Scope, Services.GetRequiredService<IMeterFactory>()))
        {
            listener.EnableMeasurementEvents(instrument);
        }
    }
}
