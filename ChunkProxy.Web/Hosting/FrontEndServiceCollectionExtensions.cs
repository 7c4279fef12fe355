using System.Text;
using ChunkProxy.Cache;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Popularity;
using ChunkProxy.Cache.Purges;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Sites;
using ChunkProxy.Cache.Status;
using ChunkProxy.Cache.ZeroCopy;
using ChunkProxy.Web.Clients;
using ChunkProxy.Web.Exchanges;
using ChunkProxy.Web.Http.Access;
using ChunkProxy.Web.Http.Compression;
using ChunkProxy.Web.Http.Responses;
using ChunkProxy.Web.Http.Routes;
using ChunkProxy.Web.Http.Sending;
using ChunkProxy.Web.Http.Targets;
using ChunkProxy.Web.Logs;
using ChunkProxy.Web.Settings;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Hosting;

/// <summary>Registers the HTTP front end.</summary>
public static class FrontEndServiceCollectionExtensions
{
    private const int RequestLineBesideTarget = 64; // method, two spaces, version, line end, with room for long method names
    private const int ResponseBuffer = 128 * 1024; // bytes; with one piece, the memory that a client occupies while it reads nothing
    private const double LeastBytesPerSecond = 240; // Kestrel's default

    /// <summary>Adds the front end. The caller registers the <see cref="IChunkReader"/> separately.</summary>
    public static IServiceCollection AddChunkProxyFrontEnd(this IServiceCollection services)
    {
        services.AddOptions<FrontEndOptions>().BindSettings(FrontEndOptions.Section);
        services.AddOptions<CorsOptions>().BindSettings(CorsOptions.Section, isReloaded: true);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CorsOptions>, CorsOptionsValidator>());
        services.AddOptions<CompressionOptions>().BindSettings(CompressionOptions.Section);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CompressionOptions>, CompressionOptionsValidator>());
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<FrontEndOptions>>(static (kestrel, options) => Configure(kestrel, options.Value));
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<OriginOptions>();
        services.AddSending();
        services.TryAddSingleton<IBodyOutputFactory, BodyOutputFactory>();
        services.TryAddSingleton<ClientConnections>();
        services.TryAddSingleton(static provider => new FrontEndTotals(provider.GetRequiredService<ClientConnections>()));
        services.TryAddSingleton<IClientBytes>(provider => provider.GetRequiredService<FrontEndTotals>());
        services.TryAddSingleton<FrontEndMetrics>();
        services.TryAddSingleton<ClientRequests>();
        services.TryAddSingleton<SlowestReads>();
        services.TryAddSingleton<RequestLog>();
        services.AddAccessLog();
        services.TryAddSingleton<EndedExchanges>();
        services.AddOptions<CacheOptions>();
        services.AddSites();
        services.AddClients();
        services.AddAccess();
        services.AddRoutes();
        services.TryAddSingleton<PassThroughSlots>();
        services.TryAddSingleton<PassThroughResponder>();
        services.TryAddSingleton(ContentsOf);
        services.AddSingleton<IDerivedContent>(static provider => provider.GetRequiredService<CompressedContents>());
        services.TryAddSingleton<CompressedAnswers>();
        services.TryAddSingleton<HotObjects>();
        services.TryAddSingleton<ContentSender>();
        services.TryAddSingleton<VersionResponder>();
        services.TryAddSingleton<ObjectEndpoint>();
        return services;
    }

    private static CompressedContents ContentsOf(IServiceProvider provider) => new(
        provider.GetRequiredService<IOptions<CompressionOptions>>().Value.Memory.Bytes, maxInProgress: Math.Max(1, Environment.ProcessorCount / 2));

    private static void Configure(KestrelServerOptions kestrel, FrontEndOptions options)
    {
        kestrel.AddServerHeader = false; // the origin's Server field is passed on
        kestrel.Limits.MaxRequestLineSize = Math.Max(kestrel.Limits.MaxRequestLineSize, options.MaxTargetLength + RequestLineBesideTarget);
        kestrel.Limits.MaxResponseBufferSize = ResponseBuffer;
        kestrel.Limits.Http2.MaxStreamsPerConnection = options.Http2Streams;

        // Kestrel's default would abort a paused player after a few seconds. This limit covers what the front end cannot observe:
        // the bytes in Kestrel's buffer after the last write.
        kestrel.Limits.MinResponseDataRate = new MinDataRate(LeastBytesPerSecond, options.WriteTimeout);

        // Fields are passed on octet by octet, in both directions. The client that talks to the origin uses Latin-1, too.
        kestrel.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
        kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
    }
}
