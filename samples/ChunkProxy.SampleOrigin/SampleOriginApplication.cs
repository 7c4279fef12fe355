using ChunkProxy.SampleOrigin.Films;
using Microsoft.Extensions.FileProviders;

namespace ChunkProxy.SampleOrigin;

/// <summary>The sample origin as a part of any application: alone, or in <c>chunkproxy sample</c>.</summary>
public static class SampleOriginApplication
{
    /// <summary>Serves the page with the films at <c>/</c>, and the films below <c>/films/</c>.</summary>
    public static void MapSampleOrigin(this WebApplication app)
    {
        var page = new EmbeddedFileProvider(typeof(SampleOriginApplication).Assembly, "wwwroot");
        app.UseDefaultFiles(new DefaultFilesOptions { FileProvider = page });
        app.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = page,
            OnPrepareResponse = context => context.Context.Response.Headers.CacheControl = "no-cache", // changes with each build
        });
        app.MapFilms(FilmCatalogue.Load());
    }
}
