using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ChunkProxy.AppHost.Tests.ServiceDefaults;

public sealed class ServiceDefaultsTests
{
    private const string Collector = "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:1"; // nothing listens there: exports are dropped

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task MapDefaultEndpoints_Prefix_LeavesTheRootToOthers()
    {
        await using var app = Build([]);
        app.MapDefaultEndpoints("/_chunkproxy");
        await app.StartAsync(Cancelled);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        Assert.Equal("Healthy", await client.GetStringAsync("/_chunkproxy/health", Cancelled));
        Assert.Equal("Healthy", await client.GetStringAsync("/_chunkproxy/alive", Cancelled));
        using var root = await client.GetAsync("/health", Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, root.StatusCode);
    }

    [Fact]
    public async Task MapDefaultEndpoints_FailingCheck_IsUnhealthyButAlive()
    {
        await using var app = Build([], builder => builder.Services.AddHealthChecks().AddCheck("broken", () => HealthCheckResult.Unhealthy()));
        app.MapDefaultEndpoints();
        await app.StartAsync(Cancelled);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        using var health = await client.GetAsync("/health", Cancelled);
        using var alive = await client.GetAsync("/alive", Cancelled);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
    }

    [Fact]
    public async Task Tracing_NoCollector_NobodyListensToActivities()
    {
        await using var app = Build([]);
        await app.StartAsync(Cancelled);
        using var source = new ActivitySource(Extensions.TelemetryName);

        Assert.False(source.HasListeners());
    }

    [Fact]
    public async Task Sampling_Production_TakesAFewAndKeepsWhatTheCallerDecided()
    {
        await using var app = Build(ToOptions("ENVIRONMENT=Production", Collector));
        await app.StartAsync(Cancelled);
        using var source = new ActivitySource(Extensions.TelemetryName);

        // 1 in 100 of 5000 is 50 with a standard deviation of 7.
        Assert.InRange(Recorded(source, parent: default, count: 5000), 10, 110);
        Assert.Equal(100, Recorded(source, Caller(ActivityTraceFlags.Recorded), count: 100));
        Assert.Equal(0, Recorded(source, Caller(ActivityTraceFlags.None), count: 100));
    }

    [Theory]
    [InlineData("ENVIRONMENT=Development")]
    [InlineData("OTEL_TRACES_SAMPLER=always_on")]
    public async Task Tracing_BackgroundWork_BeginsNoTraceAndIsRecordedAsAPartOfARequest(string setting)
    {
        await using var app = Build(ToOptions(setting, Collector));
        await app.StartAsync(Cancelled);
        using var source = new ActivitySource(Extensions.TelemetryName);

        using (var work = source.StartActivity("reconcile"))
        using (var step = source.StartActivity("ZREVRANGEBYSCORE", ActivityKind.Client))
        {
            Assert.False(work is { Recorded: true } || step is { Recorded: true });
        }

        using var request = source.StartActivity("GET", ActivityKind.Server);
        using var call = source.StartActivity("GET", ActivityKind.Client);
        Assert.True(request!.Recorded && call!.Recorded);
    }

    [Theory]
    [InlineData("OTEL_TRACES_SAMPLER=parentbased_traceidratio", "OTEL_TRACES_SAMPLER_ARG=0", 0)]
    [InlineData("OTEL_TRACES_SAMPLER=traceidratio", "OTEL_TRACES_SAMPLER_ARG=1", 100)]
    [InlineData("OTEL_TRACES_SAMPLER=parentbased_traceidratio", "OTEL_TRACES_SAMPLER_ARG=many", 100)]
    public async Task Sampling_RatioAsVariable_IsTaken(string sampler, string ratio, int recorded)
    {
        await using var app = Build(ToOptions(sampler, ratio, Collector));
        await app.StartAsync(Cancelled);
        using var source = new ActivitySource(Extensions.TelemetryName);

        Assert.Equal(recorded, Recorded(source, parent: default, count: 100));
    }

    [Theory]
    [InlineData("ENVIRONMENT=Development", 100)]
    [InlineData("OTEL_TRACES_SAMPLER=always_on", 100)]
    [InlineData("OTEL_TRACES_SAMPLER=always_off", 0)]
    public async Task Sampling_DevelopmentOrVariable_TakesAllOrWhatItSays(string setting, int recorded)
    {
        await using var app = Build(ToOptions(setting, Collector));
        await app.StartAsync(Cancelled);
        using var source = new ActivitySource(Extensions.TelemetryName);

        Assert.Equal(recorded, Recorded(source, parent: default, count: 100));
    }

    [Fact]
    public async Task HttpClients_WithTheirDefaults_FindServicesByName()
    {
        await using var service = Build([]);
        service.MapDefaultEndpoints();
        await service.StartAsync(Cancelled);
        await using var app = Build([$"--Services:films:http:0={service.Urls.Single()}"], builder => builder.AddHttpClientDefaults());
        var client = app.Services.GetRequiredService<IHttpClientFactory>().CreateClient();

        Assert.Equal("Healthy", await client.GetStringAsync(new Uri("http://films/alive"), Cancelled));
    }

    private static WebApplication Build(string[] options, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(["--urls=http://127.0.0.1:0", .. options]);
        builder.Logging.ClearProviders();
        builder.AddServiceDefaults();
        configure?.Invoke(builder);
        return builder.Build();
    }

    private static string[] ToOptions(params string[] settings) => [.. settings.Select(setting => $"--{setting}")];

    private static ActivityContext Caller(ActivityTraceFlags flags) =>
        new(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), flags, isRemote: true);

    private static int Recorded(ActivitySource source, ActivityContext parent, int count)
    {
        var recorded = 0;
        for (var i = 0; i < count; i++)
        {
            using var activity = source.StartActivity("test", ActivityKind.Server, parent);
            recorded += activity is { Recorded: true } ? 1 : 0;
        }

        return recorded;
    }
}
