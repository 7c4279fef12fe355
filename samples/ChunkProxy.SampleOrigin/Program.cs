using System.Reflection;
using ChunkProxy.SampleOrigin;
using ChunkProxy.SampleOrigin.Films;
using Microsoft.Extensions.FileProviders;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.Logging.AddFilter("Microsoft", LogLevel.Warning);

var app = builder.Build();
var page = new EmbeddedFileProvider(Assembly.GetExecutingAssembly(), "wwwroot");
app.UseDefaultFiles(new DefaultFilesOptions { FileProvider = page });
app.UseStaticFiles(new StaticFileOptions
{
    FileProvider = page,
    OnPrepareResponse = context => context.Context.Response.Headers.CacheControl = "no-cache", // changes with each build
});
app.MapDefaultEndpoints();
app.MapFilms(FilmCatalogue.Load());
app.Run();
