using System.Runtime.InteropServices;
using ChunkProxy.AppHost;
using ChunkProxy.AppHost.Local;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.Logging.ClearProviders().AddConsole().SetMinimumLevel(LogLevel.Warning);
builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMinutes(1));

var console = new PrefixedConsole(Console.Out, PrefixedConsole.WantsColours, nameWidth: Topology.SampleOrigin.Length);
console.Write("apphost", "Plain processes, no dashboard: built without Aspire, whose packages the configured feeds do not have (or UseAspire=false).");
try
{
    var topology = Topology.From(builder.Configuration);
    var state = new StateFolder(builder.Configuration["State:Dir"] ?? Path.Combine(LocalPrograms.Repository, ".chunkproxy"));
    var ports = new LocalPorts(builder.Configuration.GetValue("Ports:Usual", true), console);
    var etcd = builder.Configuration.GetValue("Etcd:Enabled", true)
        ? await new EtcdProgram(state, console).FindAsync(builder.Configuration.GetValue("Etcd:Fetch", true), CancellationToken.None)
        : null;
    var redis = topology.RedisEnabled
        ? Executables.Find("redis-server") ?? throw new InvalidOperationException("Redis:Enabled needs redis-server on the PATH (package redis-server).")
        : null;

    builder.Services.AddSingleton(console);
    builder.Services.AddSingleton(TimeProvider.System);
    builder.Services.AddSingleton<IReadOnlyList<LocalProcess>>(new LocalPlan(topology, ports, state, etcd, redis).Processes());
    builder.Services.AddSingleton<LocalCluster>();
    builder.Services.AddHostedService(services => services.GetRequiredService<LocalCluster>());
}
catch (InvalidOperationException wrong)
{
    console.Write("apphost", wrong.Message);
    return 1;
}

using var host = builder.Build();
var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
using var terminalClosed = OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
{
    signal.Cancel = true;
    lifetime.StopApplication();
});
var cluster = host.Services.GetRequiredService<LocalCluster>();
await host.RunAsync();

if (cluster.Failure is { } failure)
{
    console.Write("apphost", failure);
    return 1;
}

console.Write("apphost", "All ended.");
return 0;
