using ChunkProxy.Cache.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ChunkProxy.Cache.Tests.Settings;

public sealed class ServedProcessTests : IDisposable
{
    private readonly List<string> _events = [];
    private readonly StringWriter _errors = new();

    public void Dispose() => _errors.Dispose();

    [Fact]
    public async Task ServeAsync_StopIsRequestedDuringTheStart_StopsWhatHasStartedAndEndsWithZero()
    {
        var code = await ServeAsync(lifetime => new Service(_events, lifetime.StopApplication)); // Kestrel starts after it

        Assert.Equal(0, code);
        Assert.Equal(["starts", "stops"], _events);
        Assert.Empty(_errors.ToString());
    }

    [Fact]
    public async Task ServeAsync_StartIsCancelledWithoutAStop_IsAFault()
    {
        await Assert.ThrowsAsync<OperationCanceledException>(() => ServeAsync(_ => new Service(_events, static () => throw new OperationCanceledException())));
    }

    private Task<int> ServeAsync(Func<IHostApplicationLifetime, IHostedService> service) => ServedProcess.ServeAsync(
        "test",
        _errors,
        flagOf: static _ => null,
        hasStarted =>
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Services.Configure<CacheOptions>(options => options.DiskBudget = 0);
            builder.Services.AddSingleton(provider => service(provider.GetRequiredService<IHostApplicationLifetime>()));
            return builder.Build();
        },
        static app => app.StartAsync(),
        static _ => throw new InvalidOperationException("It was stopped, and yet it serves."));

    private sealed class Service(List<string> events, Action start) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            events.Add("starts");
            start();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken)
        {
            events.Add("stops");
            return Task.CompletedTask;
        }
    }
}
