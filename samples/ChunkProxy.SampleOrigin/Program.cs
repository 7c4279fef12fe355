using ChunkProxy.SampleOrigin;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.Logging.AddFilter("Microsoft", LogLevel.Warning);

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapSampleOrigin();
app.Run();
