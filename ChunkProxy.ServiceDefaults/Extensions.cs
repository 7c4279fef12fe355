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
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Microsoft.Extensions.Hosting;

/// <summary>What every service of ChunkProxy has: telemetry and health; and, for services that take clients from <see cref="IHttpClientFactory"/>, discovery and resilience. Shaped like Aspire's template.</summary>
public static class Extensions
{
    /// <summary>Name of the product's ActivitySource and of its Meter.</summary>
    public const string TelemetryName = "ChunkProxy";

    private const string LiveTag = "live";

    /// <summary>Adds telemetry and the health check of the process itself.</summary>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.ConfigureOpenTelemetry();
        builder.AddDefaultHealthChecks();
        return builder;
    }

    /// <summary>Adds the defaults of <see cref="IHttpClientFactory"/> clients: they find services by name, and try again.</summary>
    /// <remarks>
    /// Not a part of <see cref="AddServiceDefaults"/>, as it is in the template, since a service that uses no such client would be 3 MiB larger for it.
    /// Bulk traffic (origin, peers) must not be retried, buffered or timed as a whole, so it has handlers of its own that do not
    /// come from the factory. Its spans are recorded all the same.
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
    /// Logs, metrics and traces by OTLP, when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set. Without it nothing listens to activities,
    /// so starting one costs a null check, and no log record is built twice. Metrics can be scraped by Prometheus
    /// instead or as well, when <c>OTEL_METRICS_EXPORTER</c> has "prometheus". With neither, OpenTelemetry is not even loaded.
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

    // A method of its own: its assemblies are loaded when it is compiled, and make the process 5 MiB larger.
    private static void AddOpenTelemetry(this IHostApplicationBuilder builder, bool isExported)
    {
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource
                .Clear()
                .AddService(builder.Environment.ApplicationName)
                .AddTelemetrySdk()
                .AddEnvironmentVariableDetector()) // last: OTEL_SERVICE_NAME names the process, if it is set
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

    /// <summary>Adds the check that the process answers at all.</summary>
    public static TBuilder AddDefaultHealthChecks<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.GetHealthPaths();
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [LiveTag]);
        return builder;
    }

    /// <summary>Maps <c>/health</c> (every check) and <c>/alive</c> (checks tagged "live"), and <c>/metrics</c> if they are to be scraped, under <paramref name="pathPrefix"/>.</summary>
    /// <param name="endpoints">The application, or a group of its endpoints.</param>
    /// <param name="pathPrefix">For a process whose paths belong to the origin's objects: the reserved prefix, as "/_chunkproxy".</param>
    /// <remarks>
    /// Mapped in every environment, not only in development as in the template: container platforms probe them. The answers are one word
    /// (Healthy, Degraded, Unhealthy) and stay out of traces and of the request metrics.
    /// </remarks>
    public static TBuilder MapDefaultEndpoints<TBuilder>(this TBuilder endpoints, string pathPrefix = "")
        where TBuilder : IEndpointRouteBuilder
    {
        var paths = endpoints.ServiceProvider.GetRequiredService<HealthPaths>();
        paths.Prefix = pathPrefix;

        var live = new HealthCheckOptions { Predicate = check => check.Tags.Contains(LiveTag) };
        endpoints.MapHealthChecks(paths.Health.Value!).DisableHttpMetrics().WithMetadata(DefaultEndpoint.Health);
        endpoints.MapHealthChecks(paths.Alive.Value!, live).DisableHttpMetrics().WithMetadata(DefaultEndpoint.Health);
        if (endpoints.ServiceProvider.GetRequiredService<IConfiguration>().IsScraped())
        {
            endpoints.MapMetrics(paths.Metrics);
        }

        return endpoints;
    }

    // A method of its own, as AddOpenTelemetry is.
    private static void MapMetrics(this IEndpointRouteBuilder endpoints, PathString path) =>
        endpoints.MapPrometheusScrapingEndpoint(path.Value!).DisableHttpMetrics().WithMetadata(DefaultEndpoint.Metrics);

    // A reader makes every measurement cost something, so there is none unless somebody wants it. The variable is OpenTelemetry's own.
    private static bool IsScraped(this IConfiguration configuration) =>
        (configuration["OTEL_METRICS_EXPORTER"] ?? "").Split(',', StringSplitOptions.TrimEntries).Contains("prometheus", StringComparer.OrdinalIgnoreCase);

    /// <summary>The one instance of this application; the trace filter needs it before there is a service provider.</summary>
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
