using System.Globalization;
using Microsoft.Extensions.Configuration;
using OpenTelemetry.Trace;

namespace ChunkProxy.ServiceDefaults;

/// <summary>Selects the sampler of requests: from <c>OTEL_TRACES_SAMPLER</c> and <c>OTEL_TRACES_SAMPLER_ARG</c>, or by environment.</summary>
internal static class RequestSampling
{
    private const double OutsideDevelopment = 0.01;

    /// <summary>Samples all requests in development, 1 % elsewhere. The caller's decision is kept, so a trace is complete or absent.</summary>
    public static Sampler Of(IConfiguration configuration, bool isDevelopment) => (configuration["OTEL_TRACES_SAMPLER"] ?? "").Trim().ToLowerInvariant() switch
    {
        "always_on" => new AlwaysOnSampler(),
        "always_off" => new AlwaysOffSampler(),
        "traceidratio" => new TraceIdRatioBasedSampler(RatioOf(configuration)),
        "parentbased_always_on" => new ParentBasedSampler(new AlwaysOnSampler()),
        "parentbased_always_off" => new ParentBasedSampler(new AlwaysOffSampler()),
        "parentbased_traceidratio" => new ParentBasedSampler(new TraceIdRatioBasedSampler(RatioOf(configuration))),
        _ => new ParentBasedSampler(new TraceIdRatioBasedSampler(isDevelopment ? 1 : OutsideDevelopment)),
    };

    // By the OpenTelemetry specification, a missing or invalid argument means 1.
    private static double RatioOf(IConfiguration configuration) =>
        double.TryParse(configuration["OTEL_TRACES_SAMPLER_ARG"], CultureInfo.InvariantCulture, out var ratio) && ratio is >= 0 and <= 1 ? ratio : 1;
}
