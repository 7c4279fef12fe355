using ChunkProxy.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Context.Propagation;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Microsoft.Extensions.Hosting;

/// <summary>Defaults of all services: telemetry and health; for users of <see cref="IHttpClientFactory"/>, discovery and resilience.</summary>
/// <remarks>Modelled on the template of Aspire.</remarks>
public static class Extensions
{
    /// <summary>Name of the product's ActivitySource and Meter.</summary>
    public const string TelemetryName = "ChunkProxy";

    private const string LiveTag = "live";

    /// <summary>Adds telemetry, and a health check of the process itself.</summary>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.ConfigureOpenTelemetry();
        builder.AddDefaultHealthChecks();
        return builder;
    }

    /// <summary>Adds service discovery and resilience to clients of <see cref="IHttpClientFactory"/>.</summary>
    /// <remarks>
    /// The template includes this in <see cref="AddServiceDefaults"/>. Here it is separate, because it costs 3 MiB in services without such clients.
    /// Bulk traffic (origin, peers) must not be retried, buffered or timed as a whole, so it uses handlers that do not
    /// come from the factory. Its spans are recorded nevertheless.
    /// </remarks>
    public static TBuilder AddHttpClientDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(http =>
        {
            http.AddStandardResilienceHandler();
            http.AddServiceDiscovery();
        });

        return builder;
    }

    /// <summary>
    /// Exports logs, metrics and traces by OTLP if <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set. Otherwise nothing listens to activities,
    /// so starting one costs a null check, and log records are built once only. Prometheus can scrape metrics
    /// instead or in addition, if <c>OTEL_METRICS_EXPORTER</c> contains "prometheus". With neither, OpenTelemetry is not loaded.
    /// </summary>
    public static TBuilder ConfigureOpenTelemetry<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        var isExported = !string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        if (isExported || builder.Configuration.IsScraped())
        {
            builder.AddOpenTelemetry(isExported);
        }

        return builder;
    }

    // Separate, because compiling the method loads its assemblies, which add 5 MiB to the process.
    private static void AddOpenTelemetry(this IHostApplicationBuilder builder, bool isExported)
    {
        // Trace context is read and sent by ASP.NET Core and HttpClient. The default propagator of OpenTelemetry reads it once more, whatever the application decided,
        // and sends baggage of strangers on.
        Sdk.SetDefaultTextMapPropagator(new TraceContextPropagator());
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource
                .Clear()
                .AddService(builder.Environment.ApplicationName)
                .AddTelemetrySdk()
                .AddEnvironmentVariableDetector()) // last, so that OTEL_SERVICE_NAME overrides the name
            .WithMetrics(metrics => metrics
                .AddMeter(TelemetryName)
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation());

        if (builder.Configuration.IsScraped())
        {
            telemetry.WithMetrics(metrics => metrics.AddPrometheusExporter());
        }

        if (!isExported)
        {
            return;
        }

        var healthPaths = builder.Services.GetHealthPaths();
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });
        telemetry.WithTracing(tracing => tracing
            .AddSource(TelemetryName)
            .SetSampler(new RequestRootSampler(RequestSampling.Of(builder.Configuration, builder.Environment.IsDevelopment())))
            .AddAspNetCoreInstrumentation(requests =>
            {
                requests.Filter = context => !healthPaths.Contains(context.Request.Path);
                requests.EnrichWithHttpRequest = static (span, _) => SpanQueries.Remove(span);
            })
            .AddHttpClientInstrumentation(requests => requests.EnrichWithHttpRequestMessage = static (span, _) => SpanQueries.Remove(span)));
        telemetry.UseOtlpExporter();
    }

    /// <summary>Adds a check that is healthy while the process responds, and one that is healthy until it stops.</summary>
    public static TBuilder AddDefaultHealthChecks<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.GetHealthPaths();
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [LiveTag]).AddCheck<StoppingHealthCheck>("stopping");
        return builder;
    }

    /// <summary>Maps <c>/health</c> (all checks), <c>/alive</c> (checks tagged "live") and, if enabled, <c>/metrics</c>.</summary>
    /// <param name="endpoints">The application, or a group of its endpoints.</param>
    /// <param name="pathPrefix">Prefix of the paths; "/_chunkproxy" in a process that serves the origin's paths.</param>
    /// <param name="mayShowReasons">Whether a request for health may know why the process is not healthy; by default none may.</param>
    /// <remarks>
    /// Mapped in every environment, unlike in the template, because container platforms probe them. The responses are one word
    /// (Healthy, Degraded, Unhealthy), and a line with each reason for requests that may know it. They are excluded from traces and request metrics.
    /// </remarks>
    public static TBuilder MapDefaultEndpoints<TBuilder>(this TBuilder endpoints, string pathPrefix = "", Func<HttpContext, bool>? mayShowReasons = null)
        where TBuilder : IEndpointRouteBuilder
    {
        var paths = endpoints.ServiceProvider.GetRequiredService<HealthPaths>();
        paths.Prefix = pathPrefix;

        var live = new HealthCheckOptions { Predicate = check => check.Tags.Contains(LiveTag) };
        var health = new HealthCheckOptions { ResponseWriter = (context, report) => WriteHealthAsync(context, report, mayShowReasons?.Invoke(context) is true) };
        endpoints.MapHealthChecks(paths.Health.Value!, health).DisableHttpMetrics().WithMetadata(DefaultEndpoint.Health);
        endpoints.MapHealthChecks(paths.Alive.Value!, live).DisableHttpMetrics().WithMetadata(DefaultEndpoint.Health);
        if (endpoints.ServiceProvider.GetRequiredService<IConfiguration>().IsScraped())
        {
            endpoints.MapMetrics(paths.Metrics);
        }

        return endpoints;
    }

    private static Task WriteHealthAsync(HttpContext context, HealthReport report, bool withReasons)
    {
        var reasons = withReasons ? report.Entries.Where(check => check.Value.Description is not null).Select(check => $"\n{check.Key}: {check.Value.Description}") : [];
        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync(report.Status + string.Concat(reasons), context.RequestAborted);
    }

    // Separate for the same reason as AddOpenTelemetry.
    private static void MapMetrics(this IEndpointRouteBuilder endpoints, PathString path) =>
        endpoints.MapPrometheusScrapingEndpoint(path.Value!).DisableHttpMetrics().WithMetadata(DefaultEndpoint.Metrics);

    // A reader makes every measurement cost time, so it is added on request only. The variable is defined by OpenTelemetry.
    private static bool IsScraped(this IConfiguration configuration) =>
        (configuration["OTEL_METRICS_EXPORTER"] ?? "").Split(',', StringSplitOptions.TrimEntries).Contains("prometheus", StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns the single instance of this application. The trace filter needs it before a service provider exists.</summary>
    private static HealthPaths GetHealthPaths(this IServiceCollection services)
    {
        if (services.FirstOrDefault(service => service.ServiceType == typeof(HealthPaths))?.ImplementationInstance is HealthPaths known)
        {
            return known;
        }

        var paths = new HealthPaths();
        services.AddSingleton(paths);
        return paths;
    }
}
