using System.Diagnostics;
using ChunkProxy.Cache;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Tiers.SuperHot;
using ChunkProxy.Cache.ZeroCopy;
using ChunkProxy.Web.Http.Responses;
using ChunkProxy.Web.Http.Targets;
using ChunkProxy.Web.Operations;
using ChunkProxy.Web.Operations.Access;
using ChunkProxy.Web.Operations.Drain;
using ChunkProxy.Web.Operations.Purge;
using ChunkProxy.Web.Operations.Reload;
using ChunkProxy.Web.Operations.Status;
using ChunkProxy.Web.Operations.Warm;
using ChunkProxy.Web.Settings;
using ChunkProxy.Web.Tls;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Hosting;

/// <summary>Composes the application from its parts.</summary>
internal static class ChunkProxyApplication
{
    // With reloading, the framework would watch the whole tree below the current directory, including the disk cache.
    private static readonly string[] HostArgs = ["--hostBuilder:reloadConfigOnChange=false"];

    // The framework's middleware would take the client's address from X-Forwarded-For of any peer: Aspire's manifests enable it
    // (ASPNETCORE_FORWARDEDHEADERS_ENABLED). Clients:TrustedProxies takes its place.
    private const string ForwardedHeaders = "ForwardedHeaders_Enabled";

    /// <param name="settings">The settings of the flags. They override environment and files.</param>
    /// <param name="hasStarted">Returns whether the start is complete.</param>
    public static WebApplication Build(IReadOnlyDictionary<string, string?> settings, Func<bool> hasStarted)
    {
        var builder = WebApplication.CreateSlimBuilder(HostArgs); // without IIS, QUIC and TLS: an idle node takes 3 MiB less
        SettingsFileSource.Replace(builder.Configuration.Sources);
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Configuration[ForwardedHeaders] = "false";
        builder.AddConsoleLogging(hasStarted);
        builder.AddServiceDefaults();
        builder.Services.AddSingleton<DistributedContextPropagator, ClientTraces>(); // in place of the framework's
        builder.AddSuperHotRedis();
        builder.Services.AddChunkCache();
        builder.Services.AddChunkProxyFrontEnd();
        builder.Services.UseInlineCompletions();
        builder.Services.AddStatus();
        builder.Services.AddAdmin();
        builder.Services.AddOptions<WebOptions>().BindSettings(WebOptions.Section);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<WebOptions>, WebOptionsValidator>());
        builder.Services.AddOptions<TlsOptions>().BindSettings(TlsOptions.Section);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TlsOptions>, TlsOptionsValidator>());
        builder.Services.RefuseUnknownKeys();
        builder.Services.AddPool(); // before the clients' server, so that the pool stops after it
        builder.Services.AddHostedService<LameDuckTime>(); // the last one, so that it is the first to stop
        return builder.Build();
    }

    /// <summary>Applies the settings, which are valid by now, to the server and the endpoints.</summary>
    public static void Prepare(WebApplication app)
    {
        // Host and Kestrel read their options while they were built, before validation. Values that depend on ours are set here.
        var web = app.Services.GetRequiredService<IOptions<WebOptions>>().Value;
        app.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout = web.LameDuck + web.DrainTimeout;
        var kestrel = app.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value;
        var secure = TlsOptionsOf(app).HasCertificate ? Secured(app) : static _ => throw new InvalidOperationException("There is no certificate.");
        foreach (var listener in Listeners.Of(web, TlsOptionsOf(app), AdminOptionsOf(app)))
        {
            KestrelListening.Listen(kestrel, listener.Address, ConfigurationOf(listener.Kind, secure));
        }

        var behindGate = app.MapBehindGate();
        var gate = app.Services.GetRequiredService<AdminGate>();
        behindGate.MapDefaultEndpoints(ReservedPaths.Prefix, context => gate.Admits(AdminAccess.Look, context));
        behindGate.MapStats();
        behindGate.MapChunkMap();
        behindGate.MapHistory();
        behindGate.MapStatusPage();
        behindGate.MapKey();
        behindGate.MapWarm();
        behindGate.MapContent();
        behindGate.MapDrain();
        behindGate.MapReload();
        PurgeEndpoints.MapPurge(behindGate);
        PurgeEndpoints.MapPurgeMethod(app, app.Services.GetRequiredService<ObjectEndpoint>().InvokeAsync);
        app.Services.GetRequiredService<DebugGate>().Guard(app.MapChunkProxyFrontEnd());
    }

    /// <summary>Loads the certificates, if there are any, and forgets them.</summary>
    /// <exception cref="OptionsValidationException">One cannot be loaded.</exception>
    public static void CheckCertificates(WebApplication app)
    {
        if (TlsOptionsOf(app).HasCertificate)
        {
            CertificatesOf(app).Dispose();
        }
    }

    private static TlsOptions TlsOptionsOf(WebApplication app) => app.Services.GetRequiredService<IOptions<TlsOptions>>().Value;

    private static AdminOptions AdminOptionsOf(WebApplication app) => app.Services.GetRequiredService<IOptions<AdminOptions>>().Value;

    private static Action<ListenOptions> ConfigurationOf(ListenerKind kind, Action<ListenOptions> secure) => kind switch
    {
        ListenerKind.Plain => static listener => listener.UseChunkProxyFrontEnd(),
        ListenerKind.Http2 => static listener => listener.UseHttp2(),
        ListenerKind.Admin => AdminListener.Use,
        ListenerKind.Tls => Both(static listener => listener.BoundConnections(), secure),
        ListenerKind.AdminTls => Both(AdminListener.Use, secure),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such listener."),
    };

    private static Action<ListenOptions> Both(Action<ListenOptions> first, Action<ListenOptions> second) => listener =>
    {
        first(listener);
        second(listener);
    };

    // One store of certificates for all addresses. A method of its own: the assemblies of TLS are loaded with it.
    private static Action<ListenOptions> Secured(WebApplication app)
    {
        var certificates = CertificatesOf(app);
        app.Lifetime.ApplicationStopped.Register(certificates.Dispose);
        app.Services.GetRequiredService<SettingsReload>().Add(certificates);
        return listener => listener.UseTls(certificates);
    }

    private static CertificateStore CertificatesOf(WebApplication app) => new(
        TlsOptionsOf(app), app.Services.GetRequiredService<TimeProvider>(), app.Services.GetRequiredService<ILogger<CertificateStore>>());
}
